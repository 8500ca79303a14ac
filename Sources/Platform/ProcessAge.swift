internal import Glibc

extension RunningProcess.Identity {
    /// How long the process has run. Unit: nanoseconds.
    public var age: UInt64 {
        var time = timespec()
        // Fails only for a clock that does not exist.
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        let start = startTime &* (1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
        return now - min(now, start)
    }
}
