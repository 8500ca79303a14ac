/// Whether a client takes what waits for it fast enough (HTTP.sys: `minBytesPerSecond`).
///
/// Looked at in windows: while output waits, the client must acknowledge so many bytes a second on the average of each.
/// A client that takes nothing at all is too slow for every minimum.
struct ReceivingRate {
    /// Long enough for what a slow receiver makes room for at a time. Unit: nanoseconds.
    static let window: UInt64 = 30_000_000_000

    private var start: (time: UInt64, delivered: UInt64)?

    /// Nothing waits for the client any more.
    mutating func reset() { start = nil }

    /// Output waits, and `delivered` bytes in all have been taken; answers false when that is too few. To be asked again
    /// after `window`. `minimum` in bytes a second.
    mutating func isEnough(_ delivered: UInt64, minimum: UInt32, now: UInt64) -> Bool {
        guard let start else {
            self.start = (now, delivered)
            return true
        }
        let elapsed = now - start.time
        guard elapsed >= Self.window else { return true }
        let expected = max(1, UInt64(minimum) * (elapsed / 1_000_000) / 1000)
        guard delivered - start.delivered >= expected else { return false }
        self.start = (now, delivered)
        return true
    }
}
