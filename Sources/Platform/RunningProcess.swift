internal import CPlatform
internal import Glibc

/// A process that this one need not have started.
public final class RunningProcess: HeldProcess {
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

    public let identity: Identity
    private let descriptor: FileDescriptor

    private init(_ identity: Identity, _ descriptor: consuming FileDescriptor) {
        self.identity = identity
        self.descriptor = descriptor
    }

    /// The process of that identity; nil where it has ended and nobody waits to hear how.
    public static func find(_ identity: Identity) throws(SystemError) -> RunningProcess? {
        let number = hostelry_pidfd_open(identity.pid)
        guard number >= 0 else {
            guard errno == ESRCH || errno == EINVAL else { throw SystemError("pidfd_open", "process \(identity.pid)") }
            return nil
        }
        let process = RunningProcess(identity, FileDescriptor(owning: number))
        // Looked at after it is held: what has this start time now keeps the number as long as it lives.
        guard Identity.of(identity.pid) == identity else { return nil }
        return process
    }

    /// Waits at most `timeout` milliseconds (-1: for ever); false where it has not ended by then.
    public func waitForEnd(timeout: Int32) -> Bool { hostelry_pidfd_poll(descriptor.number, timeout) == 1 }

    /// Sends SIGKILL and waits for the end, at most `timeout` milliseconds; false where it has not ended by then.
    public func kill(timeout: Int32) -> Bool {
        _ = hostelry_pidfd_signal(descriptor.number, SIGKILL)
        return waitForEnd(timeout: timeout)
    }

    public var pid: Int32 { identity.pid }

    public var descriptorNumber: Int32 { descriptor.number }

    public func signal(_ number: Int32) { _ = hostelry_pidfd_signal(descriptor.number, number) }

    /// A process that others started leaves `unknown`, one of this process's own children its status.
    public func exit() throws(SystemError) -> ChildProcess.Exit? {
        guard hostelry_pidfd_poll(descriptor.number, 0) == 1 else { return nil }
        var code: Int32 = 0
        var status: Int32 = 0
        switch unsafe hostelry_pidfd_wait(descriptor.number, false, &code, &status) {
        case 1: return code == Int32(CLD_EXITED) ? .status(status) : .signal(status, dumpedCore: code == CLD_DUMPED)
        case 0: return nil
        default:
            guard errno == ECHILD else { throw SystemError("waitid", "process \(pid)") }
            return .unknown
        }
    }
}

extension RunningProcess.Identity {
    /// Tells this run of the machine from all others, in which the same numbers mean other processes; empty where the
    /// system does not say.
    public static let machineRun: String = {
        String((KernelText.text("/proc/sys/kernel/random/boot_id") ?? "").prefix { $0 > " " })
    }()

    /// How long the process has run. Unit: nanoseconds.
    public var age: UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return 0 }
        let ticks = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        let start = startTime * (1_000_000_000 / ticks)
        return now > start ? now - start : 0
    }

    /// Whose rights the process with this number has now (its effective user); nil where there is none.
    public var user: UInt32? {
        let line = KernelText.bytes("/proc/\(pid)/status", atMost: 4096)?.split(separator: UInt8(ascii: "\n")).first {
            $0.starts(with: Array("Uid:".utf8))
        }
        let fields = line?.split(separator: UInt8(ascii: "\t"))
        // The real, the effective, the saved and the file system's user.
        guard let fields, fields.count == 5 else { return nil }
        return UInt32(String(decoding: fields[2], as: UTF8.self))
    }
}
