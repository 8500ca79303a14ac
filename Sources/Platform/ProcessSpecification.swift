internal import Glibc

/// What a new process is made of. Whatever is not said here it does not get: no descriptor but those named, no
/// variable but those given, standard signal handling with nothing blocked.
public struct ProcessSpecification: Sendable {
    /// The program's file; no search path.
    public var executable: String
    /// The arguments, the program's name (number 0) first.
    public var arguments: [String]
    public var environment: [(name: String, value: String)] = []
    /// The working directory; nil is the parent's.
    public var directory: String?
    /// Who the process runs as; nil is the parent's user and groups.
    public var identity: Identity?
    public var limits: [Limit] = []
    /// The number in the new process and the parent's descriptor behind it. 0, 1 and 2 are `/dev/null` unless named.
    public var descriptors: [(number: Int32, source: Int32)] = []
    /// A session of its own: signals of the parent's terminal do not reach it.
    public var hasOwnSession = false
    /// A process group of its own within the parent's session, so that signals reach it and what it starts, and no others.
    public var hasOwnGroup = false
    /// Whether `execve` can never give it more rights than it begins with.
    public var forbidsNewPrivileges = false
    /// The signal it gets when the thread that started it ends; 0 for none.
    public var parentDeathSignal: Int32 = 0
    /// Open `cgroup.procs` files of the control groups that it begins in.
    public var controlGroups: [Int32] = []
    /// A bit for each processor that it may run on; 0 for the parent's.
    public var processors: UInt64 = 0
    /// The permissions that files it makes do not get (`umask`); nil for the parent's.
    public var fileMask: UInt32?
    /// Whether descendants whose parents have ended become its children (`PR_SET_CHILD_SUBREAPER`).
    public var adoptsDescendants = false

    public init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    public struct Identity: Equatable, Sendable {
        public var user: UInt32
        public var group: UInt32
        public var supplementaryGroups: [UInt32]

        public init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = []) {
            self.user = user
            self.group = group
            self.supplementaryGroups = supplementaryGroups
        }
    }

    /// A resource limit (`setrlimit`), `RLIM_INFINITY` for none.
    public struct Limit: Equatable, Sendable {
        public var resource: Int32
        public var soft: UInt64
        public var hard: UInt64

        public init(resource: Int32, soft: UInt64, hard: UInt64) {
            self.resource = resource
            self.soft = soft
            self.hard = hard
        }

        /// As many open files as this process could have, at most `maximum`; the new process may not raise more.
        public static func openFiles(atMost maximum: UInt64 = .max) -> Limit {
            let hard = hardLimit(RLIMIT_NOFILE)
            return Limit(resource: Int32(RLIMIT_NOFILE.rawValue), soft: min(hard, maximum), hard: hard)
        }

        /// No core files; `forGood`: the process cannot allow them again either.
        public static func noCoreFile(forGood: Bool) -> Limit {
            Limit(resource: Int32(RLIMIT_CORE.rawValue), soft: 0, hard: forGood ? 0 : hardLimit(RLIMIT_CORE))
        }

        private static func hardLimit(_ resource: __rlimit_resource) -> UInt64 {
            var limit = rlimit()
            // Fails only for a bad number or pointer.
            unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
            return UInt64(limit.rlim_max)
        }
    }
}
