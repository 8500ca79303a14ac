internal import Administration

/// Moments as a person types them.
public enum LogMoment {
    /// Of `1h` (that long before `now`), `2026-11-28` or `2026-11-28T15:04[:05]` (UTC); nil for anything else. Seconds
    /// since 1970.
    public static func seconds(_ text: String, now: Int64) -> Int64? {
        if let nanoseconds = Quantity.nanoseconds(text) {
            return max(0, now - Int64(nanoseconds / 1_000_000_000))
        }
        let bytes = Array(text.utf8)
        var time = Array("00:00:00".utf8)
        if bytes.count > 10 {
            guard bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20 else { return nil }
            time = Array(bytes[11...])
            if time.last == UInt8(ascii: "Z") { time.removeLast() }
            if time.count == 5 { time += ":00".utf8 }
        }
        return LogTime.seconds(bytes.prefix(10), time[...])
    }
}
