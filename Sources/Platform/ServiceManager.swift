internal import CPlatform

/// systemd, where it started this process and waits to hear of it.
public enum ServiceManager {
    /// Sends lines such as `READY=1` to the socket that `NOTIFY_SOCKET` names; without one nothing happens.
    public static func notify(_ state: String) throws(SystemError) {
        guard let path = CurrentProcess.variable("NOTIFY_SOCKET"), !path.isEmpty else { return }
        guard unsafe hostelry_notify(path, state) == 0 else { throw SystemError("sendto", path) }
    }
}
