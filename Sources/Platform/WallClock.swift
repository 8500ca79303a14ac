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

    /// How far this machine's time zone is ahead of UTC at `seconds` since 1970. Unit: seconds.
    public static func zoneOffset(at seconds: Int64) -> Int64 {
        var time = time_t(seconds)
        var local = unsafe tm()
        // Fails only for years beyond an Int32.
        guard unsafe localtime_r(&time, &local) != nil else { return 0 }
        return unsafe Int64(local.tm_gmtoff)
    }
}
