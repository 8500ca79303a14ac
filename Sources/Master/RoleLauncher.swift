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

    /// The roles lie beside the master's own executable, or else in `libexec/hostelry` beside its folder.
    init() throws(RoleLauncherError) {
        let own: String
        do throws(SystemError) {
            own = try CurrentProcess.executable()
        } catch {
            throw RoleLauncherError(reason: "the own executable is not to be found: \(error)")
        }
        // An absolute path has a slash.
        let beside = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
        let candidates = [beside, "\(beside)/../libexec/hostelry"]
        for folder in candidates where Self.holdsRoles(folder) {
            self.folder = folder
            return
        }
        throw RoleLauncherError(
            reason:
                "\(Role.router.rawValue) and \(Role.worker.rawValue) are neither in \(candidates[0]) nor in \(candidates[1])"
        )
    }

    private static func holdsRoles(_ folder: String) -> Bool {
        [Role.router, .worker].allSatisfy { role in
            ((try? FileStamp.of("\(folder)/\(role.rawValue)")) ?? nil) != nil
        }
    }

    /// Starts a role and returns it with the master's end of its control socket.
    func start(
        _ role: Role, in surroundings: RoleSurroundings = RoleSurroundings()
    ) throws(SystemError) -> StartedRole {
        let pair = try FileDescriptor.streamPair()
        var specification = ProcessSpecification(
            executable: "\(folder)/\(role.rawValue)", arguments: [role.rawValue])
        specification.environment = RoleEnvironment.effective(
            RoleEnvironment.common(own: CurrentProcess.variable) + surroundings.environment)
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
        let process = try withExtendedLifetime(surroundings) { () throws(SystemError) in
            try ChildProcess.start(specification)
        }
        return StartedRole(process: process, control: pair.one)
    }
}

/// A process that runs, and the way to talk to it.
struct StartedRole: ~Copyable {
    let process: ChildProcess
    let control: FileDescriptor
}

/// The roles' executables are not to be found.
struct RoleLauncherError: Error, Sendable {
    let reason: String
}
