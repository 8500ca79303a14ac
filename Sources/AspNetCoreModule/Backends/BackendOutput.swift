public import Platform

/// Where what an application's processes print goes.
public protocol BackendOutput: AnyObject {
    /// The streams of a process that is about to start; `attempt` counts from 1 for one request.
    func open(for attempt: Int) throws(SystemError) -> BackendStreams
    /// A process whose streams were opened here has ended, with all that it started; of several the first.
    func ended()
    /// What was printed and kept for reports, of several attempts in their order.
    var captured: String { get }
}

/// The descriptors that a new process inherits; those here are closed after the start. Nil is `/dev/null`.
public struct BackendStreams: ~Copyable, Sendable {
    public var output: FileDescriptor?
    public var errors: FileDescriptor?

    public init(output: consuming FileDescriptor?, errors: consuming FileDescriptor?) {
        self.output = output
        self.errors = errors
    }
}
