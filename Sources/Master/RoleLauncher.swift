import Glibc
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
        _ role: Role, rendezvous: Int32?, in surroundings: RoleSurroundings = RoleSurroundings()
    ) throws(SystemError) -> StartedRole {
        let pair = try FileDescriptor.streamPair()
        var specification = ProcessSpecification(
            executable: "\(folder)/\(role.rawValue)", arguments: [role.rawValue])
        specification.environment = RoleEnvironment.effective(
            RoleEnvironment.common(own: CurrentProcess.variable, isRouter: role == .router) + surroundings.environment)
        specification.directory = surroundings.directory
        specification.identity = surroundings.identity
        specification.limits = surroundings.limits
        specification.processors = surroundings.processors
        specification.fileMask = surroundings.fileMask
        specification.adoptsDescendants = surroundings.adoptsDescendants
        specification.controlGroups = surroundings.membership.descriptors
        // Ctrl-C at the master's terminal is the master's to act on.
        specification.hasOwnSession = true
        specification.forbidsNewPrivileges = true
        specification.descriptors = [(2, 2), (Self.controlDescriptor, pair.other.number)]
        if let rendezvous {
            specification.descriptors.append((Self.rendezvousDescriptor, rendezvous))
        } else {
            // One that is suspended when the master dies has to run to notice it.
            specification.parentDeathSignal = SIGCONT
        }
        let process = try withExtendedLifetime(surroundings) { () throws(SystemError) in
            try ChildProcess.start(specification)
        }
        return StartedRole(process: process, control: pair.one)
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
