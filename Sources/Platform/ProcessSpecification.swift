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
    /// Whether `execve` can never give it more rights than it begins with.
    public var forbidsNewPrivileges = false
    /// The signal it gets when the thread that started it ends; 0 for none.
    public var parentDeathSignal: Int32 = 0

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
    }
}
