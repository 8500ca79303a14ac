public import Configuration
public import HostModel
internal import Platform

/// Going over from the local configuration to a shared one and back: checked first, then written.
public struct SharingSwitch: Sendable {
    /// What is to be done, and what it means.
    public struct Plan: Sendable {
        /// What is wrong with the configuration that would be in force.
        public let problems: [Problem]
        /// What would be served differently; nil where what is in force now cannot be read.
        public let changes: [ModelChange]?
        /// Those that are to be written, in this order: redirection.config last, so that a crash leaves what is in force now.
        public let files: [FileChange]
        /// The folder that is followed no more.
        public let left: SharedFolder?
        /// Values of this provider's that no key of the server opens. They are among the problems.
        public let lost: [SecretValue]

        public var hasErrors: Bool { problems.contains { $0.severity == .error } }
    }

    private let local: String
    private let state: String

    /// - Parameters:
    ///   - local: the configuration file that the server was given.
    ///   - state: its state folder.
    public init(local: String, state: String) {
        self.local = local
        self.state = state
    }

    /// The folder as redirection.config would say it is: with the account that reads it.
    ///
    /// - Parameter userName: nil keeps what stands there.
    public func folder(_ path: String, userName: String?) throws(ConfigurationError) -> SharedFolder {
        let file = Redirection.path(beside: local)
        let text = try text(path, userName, in: try ServerConfiguration.bytesIfThere(ofFile: file), file)
        // It is enabled.
        return try Redirection(text, file: file).sharedFolder ?? SharedFolder(path)
    }

    private func text(
        _ path: String, _ userName: String?, in old: [UInt8]?, _ file: String
    ) throws(ConfigurationError) -> [UInt8] {
        if let mistake = Redirection.mistake(in: path) {
            throw ConfigurationError(file: file, line: 0, "The folder cannot be shared", detail: mistake)
        }
        return try RedirectionText.enabling(SharedFolder(path), userName: userName, in: old, file: file)
    }

    /// Over to a folder. Waits for it no longer than `SharedFolder.patience`.
    ///
    /// - Parameter ring: the keys that the server will have then; nil for none.
    public func enabling(_ path: String, userName: String?, ring: KeyRing?) throws(ConfigurationError) -> Plan {
        let redirection = Redirection.path(beside: local)
        let old = try ServerConfiguration.bytesIfThere(ofFile: redirection)
        let new = try text(path, userName, in: old, redirection)
        let folder = try folder(path, userName: userName)
        let files = try folder.read(within: SharedFolder.patience)
        let next = FileInForce(local: local, shared: folder)
        let before = (try? Redirection.beside(local))?.sharedFolder
        return try plan(
            files, in: next, [Self.file(redirection, old, new)], leaving: before?.path == folder.path ? nil : before,
            openingWith: .some(ring))
    }

    /// Back to the local file; with `copyingBack`, which becomes what the shared one is.
    ///
    /// - Parameter ring: the server's keys, which have to open what the local file holds. What comes back from the folder is
    ///   in force already, whatever they open.
    public func disabling(copyingBack: Bool, ring: KeyRing?) throws(ConfigurationError) -> Plan {
        let file = FileInForce(local: local)
        let redirection = try Redirection.beside(local)
        guard let folder = redirection.sharedFolder,
            let old = try ServerConfiguration.bytesIfThere(ofFile: redirection.file)
        else {
            throw ConfigurationError(file: redirection.file, line: 0, "No shared configuration is enabled")
        }
        let off = Self.file(redirection.file, old, try RedirectionText.disabling(in: old, file: redirection.file))
        guard copyingBack else {
            guard let bytes = try ServerConfiguration.bytesIfThere(ofFile: local) else {
                throw ConfigurationError(
                    file: local, line: 0, "There is no local configuration file",
                    detail: "'hostelry shared disable --copy-back' makes it of the shared one", code: .fileNotFound)
            }
            let administration = try ServerConfiguration.bytesIfThere(ofFile: file.administrationPath)
            return try plan(
                SharedFiles(server: bytes, administration: administration), in: file, [off], leaving: folder,
                openingWith: .some(ring))
        }
        let files = try shared(folder)
        var changes = [Self.file(local, try ServerConfiguration.bytesIfThere(ofFile: local), files.server)]
        if let administration = files.administration {
            let path = file.administrationPath
            changes.append(Self.file(path, try ServerConfiguration.bytesIfThere(ofFile: path), administration))
        }
        return try plan(files, in: file, changes + [off], leaving: folder, openingWith: nil)
    }

    /// Nil where it holds that already. The local file is not the server's file of the change: what it held was not in force,
    /// and what it is to hold is.
    private static func file(_ path: String, _ old: [UInt8]?, _ new: [UInt8]) -> FileChange? {
        old == new ? nil : FileChange(path, expected: .init(old), content: new)
    }

    /// The folder's files as they are, else as they were last.
    private func shared(_ folder: SharedFolder) throws(ConfigurationError) -> SharedFiles {
        do throws(ConfigurationError) {
            return try folder.read(within: SharedFolder.patience)
        } catch {
            do throws(SharedCopy.Failure) {
                return try SharedCopy(stateFolder: state).read(of: folder).files
            } catch let failure {
                throw ConfigurationError(
                    file: error.file, line: 0, error.message, detail: "\(error.detail); \(failure)")
            }
        }
    }

    /// - Parameter keys: what has to open every value; nil where nothing has to.
    private func plan(
        _ files: SharedFiles, in file: FileInForce, _ changes: [FileChange?], leaving left: SharedFolder?,
        openingWith keys: KeyRing??
    ) throws(ConfigurationError) -> Plan {
        let variables = ["HOSTELRY_STATE": state]
        var servers = [try file.configuration(files.server, variables: variables)]
        let next = HostModel.build(servers[0])
        var problems = next.problems + Self.unknownUsers(in: next, file: file.path)
        if let administration = files.administration {
            do throws(ConfigurationError) {
                servers.append(try file.administration(administration, variables: variables))
            } catch {
                problems.append(Problem(error))
            }
        }
        var lost: [SecretValue] = []
        if let keys {
            problems += servers.flatMap { SecretValue.problems(of: $0, with: keys) }
            lost = servers.flatMap { SecretValue.lost(in: $0, with: keys) }
        }
        // Where what is in force is away or broken, this may well be the way out.
        let now = try? HostModel.build(FileInForce.of(local).read(variables: variables))
        return Plan(
            problems: problems, changes: now?.changes(to: next), files: changes.compactMap(\.self), left: left,
            lost: lost)
    }

    /// Pools that would run as somebody whom this machine does not know.
    private static func unknownUsers(in model: HostModel, file: String) -> [Problem] {
        model.pools.compactMap { pool in
            guard pool.processModel.identity == .specificUser, CurrentProcess.user == 0,
                case .some(.none) = try? Account.named(pool.processModel.userName)
            else { return nil }
            return Problem(
                .error, file: file, line: pool.line.number, object: "pool \"\(pool.name)\"",
                "There is no account '\(pool.processModel.userName)' on this server")
        }
    }
}
