public import Configuration
internal import Platform

/// Backups of the configuration (`STATE/backup/NAME`), and the folders of the configuration history among them.
public struct ConfigurationBackups: Sendable {
    /// The server's file.
    public let configuration: String
    public let state: String
    /// Of the configuration history.
    public let history: String

    /// - Parameter server: says where the configuration history lies; nil where it cannot be read.
    public init(configuration: String, state: String, server: ServerConfiguration?) {
        self.configuration = configuration
        self.state = state
        history = server.map { HistoryFolders($0, state: state).path } ?? "\(state)/history"
    }

    private var folder: String { "\(state)/backup" }

    public enum Failure: Error, Sendable, CustomStringConvertible {
        case badName(String)
        case exists(String)
        case missing(String)
        /// It holds no applicationHost.config.
        case incomplete(String)
        case failed(String)

        public var description: String {
            switch self {
            case .badName(let name):
                "'\(name)' cannot be a backup's name: letters, digits, blanks, and - _ . inside, 64 at most"
            case .exists(let name): "there is a backup \"\(name)\" already; choose another name or delete it first"
            case .missing(let name): "there is no backup \"\(name)\"; 'hostelry backup list' shows which there are"
            case .incomplete(let name): "the backup \"\(name)\" holds no applicationHost.config"
            case .failed(let reason): reason
            }
        }
    }

    private static func isGood(_ name: String) -> Bool {
        let good = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || " -_.".unicodeScalars.contains(scalar)
        }
        return good && !name.isEmpty && name.unicodeScalars.count <= 64 && !name.hasPrefix(".")
    }

    private func folder(of name: String) throws(Failure) -> String {
        guard Self.isGood(name) else { throw .badName(name) }
        for folder in [self.folder, history] {
            guard folder == self.folder || HistoryFolders.number(of: name) != nil else { continue }
            if (try? Folder.names(in: "\(folder)/\(name)")) != nil { return "\(folder)/\(name)" }
        }
        throw .missing(name)
    }

    /// The backups in the order of their names, then the configuration history.
    public func names() -> [String] {
        let backups = ((try? Folder.subfolders(of: folder)) ?? []).filter(Self.isGood)
        return backups + ((try? Folder.subfolders(of: history)) ?? []).filter { HistoryFolders.number(of: $0) != nil }
    }

    /// Copies the configuration's files: applicationHost.config and administration.config in force, and this server's own
    /// redirection.config and schema files, as far as they are there; what stands in them in clear text and is to be
    /// encrypted is sealed in the copies (`SealedCopy`). Waits for a shared folder no longer than `SharedFolder.patience`.
    public func add(_ name: String) throws(Failure) {
        guard Self.isGood(name), HistoryFolders.number(of: name) == nil else { throw .badName(name) }
        let shared = try shared()
        do {
            try Folder.makeOwnedByItsUser(state)
            try Folder.makePrivate(folder)
            try Folder.giveToOwner(ofFolderOf: folder)
            guard (try? Folder.names(in: "\(folder)/\(name)")) == nil else { throw Failure.exists(name) }
            let files = ConfigurationFiles(configuration: configuration)
            var content = try files.read([.server, .administration, .redirection, .schema])
            if let shared {
                content[ConfigurationFiles.serverName] = shared.server
                content[ConfigurationFiles.administrationName] = shared.administration
            }
            guard content[ConfigurationFiles.serverName] != nil else { throw FileError(configuration, .missing) }
            try ConfigurationFiles.copy(try files.sealed(content, state: state), to: "\(folder)/\(name)")
        } catch let error as Failure {
            throw error
        } catch {
            throw .failed("no backup is made: \(error)")
        }
    }

    /// The files in force of a shared folder; nil where the local ones are.
    private func shared() throws(Failure) -> SharedFiles? {
        do throws(ConfigurationError) {
            return try FileInForce.of(configuration).shared?.read(within: SharedFolder.patience)
        } catch {
            throw .failed("no backup is made: \(error.description)")
        }
    }

    public func delete(_ name: String) throws(Failure) {
        let folder = try folder(of: name)
        Folder.removeTree(folder)
        if (try? Folder.names(in: folder)) != nil { throw .failed("\(folder) cannot be removed") }
    }

    /// The change that brings the backup's files back. Files that are not in it stay as they are.
    public func restoring(_ name: String, author: ChangeAuthor, tool: String) throws(Failure) -> ConfigurationChange {
        let folder = try folder(of: name)
        let files = ConfigurationFiles(configuration: configuration)
        do {
            let content = try ConfigurationFiles.copied(in: folder)
            guard content[ConfigurationFiles.serverName] != nil else { throw Failure.incomplete(name) }
            var changes: [FileChange] = []
            for (name, bytes) in content.sorted(by: { $0.key < $1.key }) {
                guard let path = files.place(of: name) else { continue }
                if name.contains("/") { try Folder.make(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])) }
                let old = try DocumentFile(path).read()?.bytes
                changes.append(
                    FileChange(
                        path, expected: .init(old), content: bytes, isServerFile: name == ConfigurationFiles.serverName)
                )
            }
            return ConfigurationChange(
                files: changes, author: author, tool: tool, comment: "restored from backup \"\(name)\"")
        } catch let error as FileError {
            throw .failed("the backup cannot be read: \(error)")
        } catch let error as Failure {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }
}
