internal import Glibc

/// Time that only moves forward.
public enum MonotonicClock {
    /// Nanoseconds since some start.
    public static func nanoseconds() -> UInt64 {
        var time = timespec()
        // Fails only for a clock that does not exist.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
