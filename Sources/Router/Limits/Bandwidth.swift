internal import Synchronization
internal import Wire

/// Bytes a second, promised in turn to whoever asks, from any loop.
///
/// What is promised lines up on one time line: each promise begins where the one before it ends, and its bytes may go
/// out when its time comes. Whoever waits holds one promise, so connections take turns, and none holds another up.
/// Nothing is kept but the time at which the last promise ends. What was not used up to `burst` ago may be sent at once,
/// which is also what makes up for timers that fire late.
final class Bandwidth: Sendable {
    /// Unit: nanoseconds.
    static let burst: UInt64 = 250_000_000
    /// The smallest and the largest promise. Unit: bytes.
    private static let quanta: ClosedRange<Int> = 1460...65536

    private let rate = Atomic<UInt32>(RouteTable.unlimited)
    private let promisedUntil = Atomic<UInt64>(0)
    /// Counts the changes of the rate: promises of an earlier one are void.
    private let changes = Atomic<UInt32>(0)

    /// Unit: bytes a second; `RouteTable.unlimited` is off.
    func set(_ new: UInt32) {
        guard rate.exchange(max(1, new), ordering: .relaxed) != max(1, new) else { return }
        promisedUntil.store(0, ordering: .relaxed)
        changes.wrappingAdd(1, ordering: .relaxed)
    }

    var isLimited: Bool { rate.load(ordering: .relaxed) != RouteTable.unlimited }

    var version: UInt32 { changes.load(ordering: .relaxed) }

    /// How many bytes are promised at a time: what goes out in a sixteenth of a second.
    var quantum: Int {
        let share = Int(rate.load(ordering: .relaxed) / 16)
        return min(max(share, Self.quanta.lowerBound), Self.quanta.upperBound)
    }

    /// Promises `count` bytes and answers when they may go out, by the clock of `now`.
    func promise(_ count: Int, now: UInt64) -> UInt64 {
        guard isLimited else { return now }
        let length = duration(count)
        var known = promisedUntil.load(ordering: .relaxed)
        while true {
            let start = max(known, now)
            let (isDone, current) = promisedUntil.compareExchange(
                expected: known, desired: start + length, ordering: .relaxed)
            if isDone { return max(now, start - min(start, Self.burst)) }
            known = current
        }
    }

    /// A promise of `count` bytes is not wanted any more.
    func giveBack(_ count: Int) {
        guard isLimited else { return }
        let length = duration(count)
        var known = promisedUntil.load(ordering: .relaxed)
        while true {
            let (isDone, current) = promisedUntil.compareExchange(
                expected: known, desired: known - min(known, length), ordering: .relaxed)
            if isDone { return }
            known = current
        }
    }

    private func duration(_ count: Int) -> UInt64 {
        UInt64(count) * 1_000_000_000 / UInt64(rate.load(ordering: .relaxed))
    }
}
