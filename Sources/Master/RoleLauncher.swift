import HostModel
import Platform

/// Starts the executables of the other roles, with nothing of the master's but a control socket and standard error.
struct RoleLauncher: Sendable {
    enum Role: String, Sendable {
        case router = "hostelry-router"
        case worker = "hostelry-worker"
    }

    private let folder: String

    /// The number of the control socket in the new process.
    private static let controlDescriptor: Int32 = 3
    /// The number there of the socket at which the next master finds it.
    private static let rendezvousDescriptor: Int32 = 4

    /// The roles lie beside the master's own executable, or else in `libexec/hostelry` beside its folder.
    init() throws(RoleLauncherError) {
        let own: String
        do throws(SystemError) {
            own = try CurrentProcess.executable()
        } catch {
            throw RoleLauncherError(reason: "the own executable is not to be found: \(error)")
        }
        guard let folder = Self.folder(beside: own) else {
            throw RoleLauncherError(
                reason: "\(Role.router.rawValue) and \(Role.worker.rawValue) are neither beside \(own) nor in "
                    + "libexec/hostelry beside its folder")
        }
        self.folder = folder
    }

    /// Where the roles lie that belong to the master's executable `own`, an absolute path; nil where they are missing.
    static func folder(beside own: String) -> String? {
        // An absolute path has a slash.
        let beside = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
        return [beside, "\(beside)/../libexec/hostelry"].first { folder in
            [Role.router, .worker].allSatisfy { role in
                ((try? FileStamp.of("\(folder)/\(role.rawValue)")) ?? nil) != nil
            }
        }
    }

    /// Starts a role and returns it with the master's end of its control socket.
    ///
    /// - Parameter rendezvous: the role's socket of the registry; without one the role ends with the master.
    func start(
        _ role: Role, rendezvous: Int32?, environment: [ApplicationPool.Variable] = []
    ) throws(SystemError) -> StartedRole {
        let pair = try FileDescriptor.streamPair()
        var specification = ProcessSpecification(
            executable: "\(folder)/\(role.rawValue)", arguments: [role.rawValue])
        specification.environment = Self.environment(role) + environment.map { ($0.name, $0.value) }
        specification.directory = "/"
        // Ctrl-C at the master's terminal is the master's to act on.
        specification.hasOwnSession = true
        specification.forbidsNewPrivileges = true
        specification.descriptors = [(2, 2), (Self.controlDescriptor, pair.other.number)]
        if let rendezvous { specification.descriptors.append((Self.rendezvousDescriptor, rendezvous)) }
        let process = try ChildProcess.start(specification)
        return StartedRole(process: process, control: pair.one)
    }

    /// What every program that the master starts gets, and a role beyond that. The Swift runtime's crash reporter would keep a crashed role alive while it works.
    static func environment(_ role: Role? = nil) -> [(name: String, value: String)] {
        var variables = [
            (name: "PATH", value: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            (name: "LANG", value: "C.UTF-8"), (name: "SWIFT_BACKTRACE", value: "enable=no"),
        ]
        for name in ["TZ", "JOURNAL_STREAM"] + (role == .router ? ["HOSTELRY_ROUTER_LOOPS"] : []) {
            if let value = CurrentProcess.variable(name) { variables.append((name, value)) }
        }
        return variables
    }
}

/// A process that runs, and the way to talk to it.
struct StartedRole: ~Copyable {
    let process: any HeldProcess
    let control: FileDescriptor
}

/// The roles' executables are not to be found.
struct RoleLauncherError: Error, Sendable {
    let reason: String
}
