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

    /// Over to a folder. Waits for it no longer than `SharedFolder.patience`.
    public func enabling(_ folder: SharedFolder, userName: String?) throws(ConfigurationError) -> Plan {
        let redirection = Redirection.path(beside: local)
        if let mistake = Redirection.mistake(in: folder.path) {
            throw ConfigurationError(file: redirection, line: 0, "The folder cannot be shared", detail: mistake)
        }
        let old = try ServerConfiguration.bytesIfThere(ofFile: redirection)
        let new = try RedirectionText.enabling(folder, userName: userName, in: old, file: redirection)
        let files = try folder.read(within: SharedFolder.patience)
        let next = FileInForce(local: local, shared: folder)
        let before = (try? Redirection.beside(local))?.sharedFolder
        return try plan(
            files.server, in: next, [Self.file(redirection, old, new)], leaving: before == folder ? nil : before)
    }

    /// Back to the local file; with `copyingBack`, which becomes what the shared one is.
    public func disabling(copyingBack: Bool) throws(ConfigurationError) -> Plan {
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
            return try plan(bytes, in: file, [off], leaving: folder)
        }
        let files = try shared(folder)
        var changes = [Self.file(local, try ServerConfiguration.bytesIfThere(ofFile: local), files.server)]
        if let administration = files.administration {
            let path = file.administrationPath
            changes.append(Self.file(path, try ServerConfiguration.bytesIfThere(ofFile: path), administration))
        }
        return try plan(files.server, in: file, changes + [off], leaving: folder)
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

    private func plan(
        _ bytes: [UInt8], in file: FileInForce, _ changes: [FileChange?], leaving left: SharedFolder? = nil
    ) throws(ConfigurationError) -> Plan {
        let variables = ["HOSTELRY_STATE": state]
        let next = HostModel.build(try file.configuration(bytes, variables: variables))
        // Where what is in force is away or broken, this may well be the way out.
        let now = try? HostModel.build(FileInForce.of(local).read(variables: variables))
        return Plan(
            problems: next.problems + Self.unknownUsers(in: next, file: file.path), changes: now?.changes(to: next),
            files: changes.compactMap(\.self), left: left)
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
