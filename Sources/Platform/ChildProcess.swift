internal import CPlatform
internal import Glibc

/// A process that this one started, held by a pidfd, so that its number can never come to mean another process.
public final class ChildProcess: HeldProcess {
    public let pid: Int32
    /// Becomes readable when the process has ended.
    public let descriptor: FileDescriptor

    /// How a process ended.
    public enum Exit: Equatable, Sendable {
        case status(Int32)
        case signal(Int32, dumpedCore: Bool)
        /// It has ended, and only the process that started it can learn how.
        case unknown
    }

    public var descriptorNumber: Int32 { descriptor.number }

    private init(pid: Int32, descriptor: consuming FileDescriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// Starts a process. Throws with the call that failed, `execve` of the new process included; the subject is the
    /// program, the directory or what else the call was about.
    public static func start(_ what: ProcessSpecification) throws(SystemError) -> ChildProcess {
        let arguments = CStringArray(what.arguments)
        let environment = CStringArray(what.environment.map { "\($0.name)=\($0.value)" })
        let groups = what.identity?.supplementaryGroups ?? []
        let limits = what.limits.map { hostelry_limit(resource: $0.resource, soft: $0.soft, hard: $0.hard) }
        let inherited = what.descriptors.map { hostelry_inherited(ours: $0.source, theirs: $0.number) }
        var pid: Int32 = 0
        var pidfd: Int32 = -1
        var failed = HOSTELRY_STEP_EXEC
        StartedChildren.begin()
        // Every pointer is used before the closure that lends it ends: the call returns after exec.
        let code = unsafe what.executable.withCString { path in
            unsafe withOptionalCString(what.directory) { directory in
                unsafe groups.withUnsafeBufferPointer { groups in
                    unsafe limits.withUnsafeBufferPointer { limits in
                        unsafe what.controlGroups.withUnsafeBufferPointer { joined in
                            unsafe inherited.withUnsafeBufferPointer { inherited in
                                var spawn = unsafe hostelry_spawn(
                                    path: path, arguments: arguments.pointers, environment: environment.pointers,
                                    directory: directory, changes_identity: what.identity != nil,
                                    uid: what.identity?.user ?? 0, gid: what.identity?.group ?? 0,
                                    groups: groups.baseAddress, group_count: groups.count, limits: limits.baseAddress,
                                    limit_count: limits.count, inherited: inherited.baseAddress,
                                    inherited_count: inherited.count, new_session: what.hasOwnSession,
                                    new_group: what.hasOwnGroup,
                                    no_new_privileges: what.forbidsNewPrivileges,
                                    parent_death_signal: what.parentDeathSignal, joined: joined.baseAddress,
                                    joined_count: joined.count, processors: what.processors,
                                    file_mask: what.fileMask.map { Int32($0) } ?? -1,
                                    adopts_descendants: what.adoptsDescendants)
                                return unsafe hostelry_spawn(&spawn, &pid, &pidfd, &failed)
                            }
                        }
                    }
                }
            }
        }
        StartedChildren.end(code == 0 ? pid : nil)
        guard code == 0 else { throw error(at: failed, code, what) }
        return ChildProcess(pid: pid, descriptor: FileDescriptor(owning: pidfd))
    }

    /// Sends a signal; does nothing when the process has ended.
    public func signal(_ number: Int32) {
        _ = hostelry_pidfd_signal(descriptor.number, number)
    }

    /// How the process ended; nil while it runs. Reaps it the first time, so it is asked once.
    public func exit() throws(SystemError) -> Exit? { try exit(waiting: false) }

    /// Waits for the end; for commands and tests, never on an event loop.
    public func waitForExit() throws(SystemError) -> Exit {
        try exit(waiting: true)!  // Without a result only when not waiting.
    }

    /// Waits for the end, at most `timeout` milliseconds; nil when it has not come by then.
    public func waitForExit(timeout: Int32) throws(SystemError) -> Exit? {
        hostelry_pidfd_poll(descriptor.number, timeout) == 1 ? try exit() : nil
    }

    private func exit(waiting: Bool) throws(SystemError) -> Exit? {
        var code: Int32 = 0
        var status: Int32 = 0
        switch unsafe hostelry_pidfd_wait(descriptor.number, waiting, &code, &status) {
        case 0: return nil
        case 1:
            StartedChildren.reaped(pid)
            return code == Int32(CLD_EXITED) ? .status(status) : .signal(status, dumpedCore: code == CLD_DUMPED)
        default: throw SystemError("waitid", "process \(pid)")
        }
    }

    private static func error(at step: hostelry_step, _ code: Int32, _ what: ProcessSpecification) -> SystemError {
        let (call, subject) =
            switch step {
            case HOSTELRY_STEP_PIPE: ("pipe2", "")
            case HOSTELRY_STEP_FORK: ("fork", "")
            case HOSTELRY_STEP_SETSID: ("setsid", "")
            case HOSTELRY_STEP_SETPGID: ("setpgid", "")
            case HOSTELRY_STEP_DESCRIPTORS: ("dup2", "descriptors of \(what.executable)")
            case HOSTELRY_STEP_GROUP: ("write", "cgroup.procs")
            case HOSTELRY_STEP_PROCESSORS: ("sched_setaffinity", "")
            case HOSTELRY_STEP_SETRLIMIT: ("setrlimit", "")
            case HOSTELRY_STEP_SETGROUPS: ("setgroups", "")
            case HOSTELRY_STEP_SETGID: ("setresgid", "\(what.identity?.group ?? 0)")
            case HOSTELRY_STEP_SETUID: ("setresuid", "\(what.identity?.user ?? 0)")
            case HOSTELRY_STEP_PRCTL: ("prctl", "")
            case HOSTELRY_STEP_CHDIR: ("chdir", what.directory ?? "")
            default: ("execve", what.executable)
            }
        return SystemError(call, subject, code: code)
    }
}

/// Strings as `execve` takes them: an array of C strings with nil behind the last.
@safe
final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    init(_ strings: [String]) {
        unsafe pointers = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
        unsafe pointers[strings.count] = nil
    }

    deinit {
        var index = 0
        while let string = unsafe pointers[index] {
            unsafe free(string)
            index += 1
        }
        unsafe pointers.deallocate()
    }
}

private func withOptionalCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return unsafe string.withCString { unsafe body($0) }
}
