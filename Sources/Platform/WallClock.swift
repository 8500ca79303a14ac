internal import Glibc

/// The system's wall clock.
public enum WallClock {
    /// Whole seconds since 1970, UTC.
    public static func seconds() -> Int64 { Int64(time(nil)) }

    /// Seconds since 1970 as this machine's zone shows them.
    public static func localSeconds() -> Int64 {
        let now = seconds()
        return now + zoneOffset(at: now)
    }

    /// `seconds` since 1970 in UTC, as names of files have it: `20261128120000`.
    public static func digits(of seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = unsafe tm()
        // Fails only for years beyond an Int32.
        guard unsafe gmtime_r(&time, &parts) != nil else { return "00000000000000" }
        let numbers = unsafe [
            (Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2),
            (Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2),
        ]
        return numbers.map { number, width in
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }.joined()
    }

    /// How far this machine's time zone is ahead of UTC at `seconds` since 1970. Unit: seconds.
    public static func zoneOffset(at seconds: Int64) -> Int64 {
        var time = time_t(seconds)
        var local = unsafe tm()
        // Fails only for years beyond an Int32.
        guard unsafe localtime_r(&time, &local) != nil else { return 0 }
        return unsafe Int64(local.tm_gmtoff)
    }
}
