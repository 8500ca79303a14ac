import Platform

/// Which roles run, written where the next master finds it.
///
///     STATE/roles/TOKEN     what the role is, written before it is started; which process it is, added after
///     STATE/run/TOKEN       the socket at which it waits for the next master when its own is gone
///
/// A master that dies between the two leaves a role that was told nothing, which ends by itself.
final class RoleRegistry {
    private let folder: String
    private let socketFolder: String
    private let sockets: FileDescriptor

    /// A role that may be started: its name in the registry, and the socket that it gets.
    final class Admission {
        let token: String
        let socket: FileDescriptor

        init(_ token: String, _ socket: consuming FileDescriptor) {
            self.token = token
            self.socket = socket
        }
    }

    init(stateFolder: String) throws {
        folder = "\(stateFolder)/roles"
        socketFolder = "\(stateFolder)/run"
        try Folder.makeOwned(folder)
        try Folder.makeOwned(socketFolder)
        sockets = try FileDescriptor.folder(socketFolder)
    }

    /// Writes down a role that is about to be started.
    func admit(_ kind: RegisteredRole.Kind) throws -> Admission {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let token = String(repeating: "0", count: 16 - digits.count) + digits
        try Folder.replaceFile("\(folder)/\(token)", with: Array(RegisteredRole(kind).text.utf8))
        do {
            return Admission(token, try FileDescriptor.bound(to: token, in: sockets))
        } catch {
            try? remove(token)
            throw error
        }
    }

    /// Adds which process it is.
    func started(_ token: String, pid: Int32) throws {
        guard let identity = RunningProcess.Identity.of(pid), let user = identity.user else { return }
        let line = RegisteredRole.line(.init(identity: identity, user: user))
        try Folder.overwriteFile("\(folder)/\(token)", with: Array(line.utf8))
    }

    /// Of a role that has ended, or was never started.
    func remove(_ token: String) throws(FileError) {
        try Folder.removeFile("\(socketFolder)/\(token)")
        try Folder.removeFile("\(folder)/\(token)")
    }

    /// The roles of earlier masters by their tokens. What was never started, ran before the machine was started, or is no
    /// entry at all is removed.
    func roles() throws(FileError) -> [(token: String, role: RegisteredRole)] {
        var roles: [(String, RegisteredRole)] = []
        for name in try Folder.names(in: folder) {
            if let bytes = try? FileReader().read("\(folder)/\(name)").bytes,
                let role = RegisteredRole(String(decoding: bytes, as: UTF8.self)),
                role.process != nil, role.machineRun == RunningProcess.Identity.machineRun
            {
                roles.append((name, role))
            } else {
                try remove(name)
            }
        }
        for name in try Folder.names(in: socketFolder) where !roles.contains(where: { $0.0 == name }) {
            try Folder.removeFile("\(socketFolder)/\(name)")
        }
        return roles
    }

    /// A connection to the role, where it waits for a master.
    func connection(to token: String) throws(SystemError) -> FileDescriptor.LocalConnection {
        try FileDescriptor.connection(to: token, in: sockets)
    }
}
