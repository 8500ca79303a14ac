internal import CPlatform

/// systemd, where it started this process and waits to hear of it.
public enum ServiceManager {
    /// Sends lines such as `READY=1` to the socket that `NOTIFY_SOCKET` names; without one nothing happens.
    public static func notify(_ state: String) throws(SystemError) {
        guard let path = CurrentProcess.variable("NOTIFY_SOCKET"), !path.isEmpty else { return }
        guard unsafe hostelry_notify(path, state) == 0 else { throw SystemError("sendto", path) }
    }

    /// How often it wants a sign of life at least (`WatchdogSec`), in nanoseconds; nil where it wants none of this process.
    public static var watchdogInterval: UInt64? {
        watchdogInterval(
            microseconds: CurrentProcess.variable("WATCHDOG_USEC"), pid: CurrentProcess.variable("WATCHDOG_PID"),
            process: CurrentProcess.pid)
    }

    static func watchdogInterval(microseconds: String?, pid: String?, process: Int32) -> UInt64? {
        guard let microseconds = microseconds.flatMap({ UInt64($0) }), microseconds > 0 else { return nil }
        if let pid, Int32(pid) != process { return nil }
        let (nanoseconds, overflows) = microseconds.multipliedReportingOverflow(by: 1000)
        return overflows ? nil : nanoseconds
    }
}
