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
