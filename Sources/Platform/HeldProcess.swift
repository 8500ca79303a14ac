internal import CPlatform
internal import Glibc

/// A process that is held by a pidfd, whoever started it: its number cannot come to mean another one.
public protocol HeldProcess: AnyObject, Sendable {
    var pid: Int32 { get }
    /// Becomes readable when the process has ended.
    var descriptorNumber: Int32 { get }
    /// Sends a signal; does nothing when the process has ended.
    func signal(_ number: Int32)
    /// How the process ended; nil while it runs. Asked once after the end.
    func exit() throws(SystemError) -> ChildProcess.Exit?
}

extension HeldProcess {
    /// Sends a signal to every process of the group that it leads; does nothing when it has ended.
    public func signalGroup(_ number: Int32) { _ = hostelry_pidfd_signal_group(descriptorNumber, pid, number) }

    /// Sends SIGKILL and waits for the end, at most `timeout` milliseconds; false where it has not ended by then.
    public func kill(timeout: Int32) -> Bool {
        signal(SIGKILL)
        return hostelry_pidfd_poll(descriptorNumber, timeout) == 1
    }
}
