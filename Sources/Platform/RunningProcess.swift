internal import CPlatform
internal import Glibc

/// A process that this one need not have started, held so that its number can never come to mean another one.
public struct RunningProcess: ~Copyable, Sendable {
    /// What tells a process from all others since the machine started.
    public struct Identity: Hashable, Sendable {
        public let pid: Int32
        /// Clock ticks since the machine started.
        public let startTime: UInt64

        public init(pid: Int32, startTime: UInt64) {
            self.pid = pid
            self.startTime = startTime
        }

        /// Of the process with that number now; nil where there is none.
        public static func of(_ pid: Int32) -> Identity? {
            ProcessStatus.of(pid).map { Identity(pid: pid, startTime: $0.startTime) }
        }
    }

    private let descriptor: FileDescriptor

    /// The process of that identity; nil where it has ended.
    public static func find(_ identity: Identity) throws(SystemError) -> RunningProcess? {
        let number = hostelry_pidfd_open(identity.pid)
        guard number >= 0 else {
            guard errno == ESRCH else { throw SystemError("pidfd_open", "process \(identity.pid)") }
            return nil
        }
        let process = RunningProcess(descriptor: FileDescriptor(owning: number))
        // Looked at after it is held: what has this start time now keeps the number as long as it lives.
        guard Identity.of(identity.pid) == identity else { return nil }
        return process
    }

    /// Sends SIGKILL and waits for the end, at most `timeout` milliseconds; false where it has not ended by then.
    public func kill(timeout: Int32) -> Bool {
        _ = hostelry_pidfd_signal(descriptor.number, SIGKILL)
        return hostelry_pidfd_poll(descriptor.number, timeout) == 1
    }
}
