internal import Configuration
internal import Operations

/// A file that a command changes.
final class PendingFile {
    let commitPath: ConfigurationPath
    let file: DraftFile
    let isNew: Bool
    /// What is to be written; nil while nothing is different.
    var stored: [UInt8]?

    init(_ commitPath: ConfigurationPath, _ file: DraftFile, isNew: Bool) {
        self.commitPath = commitPath
        self.file = file
        self.isNew = isNew
    }
}

/// Which file a change is written to, and writing all of a command's at once.
extension Session {
    /// The place whose file is written for a change at `path`.
    private func commitPath(for path: ConfigurationPath, usual: String? = nil) throws(Failure) -> ConfigurationPath {
        guard let target = line.commit ?? usual, let site = path.site else {
            guard path.site != nil else { return path }
            return try nearestFolder(path)
        }
        switch target.lowercased() {
        case "apphost": return ConfigurationPath()
        case "webroot", "machine": throw .notImplemented
        case "url": return path
        case "site": return ConfigurationPath(site: site)
        case "parent": return path.parent ?? path
        case "app":
            let own = "/" + path.segments.joined(separator: "/") + "/"
            let application = try objects().site(site)?.applications.map(\.path).filter { application in
                own.lowercased().hasPrefix(application == "/" ? "/" : application.lowercased() + "/")
            }.max { $0.count < $1.count }
            return ConfigurationPath(site: site, path: application ?? "/")
        default:
            let wanted = try self.path(of: target)
            guard path.relative(to: wanted) != nil else { throw .badOption("commit", target) }
            return wanted
        }
    }

    /// A file's settings stand in its folder's web.config.
    private func nearestFolder(_ path: ConfigurationPath) throws(Failure) -> ConfigurationPath {
        var path = path
        while !path.segments.isEmpty, let folder = try folder(of: path), !instance.isFolder(folder),
            let above = path.parent
        {
            path = above
        }
        return path
    }

    /// Where a place lies on disk; nil for what no virtual directory holds.
    private func folder(of path: ConfigurationPath) throws(Failure) -> String? {
        guard let site = path.site.flatMap({ name in try? objects().site(name) }) else { return nil }
        let wanted = "/" + path.segments.joined(separator: "/")
        var best: (url: String, folder: String)?
        for application in site.applications {
            for directory in application.directories {
                let root = application.path == "/" ? "" : application.path
                let url = directory.path == "/" ? root : root + directory.path
                let isAbove =
                    wanted.lowercased() == url.lowercased() || wanted.lowercased().hasPrefix(url.lowercased() + "/")
                if isAbove, best.map({ $0.url.count < url.count }) ?? true { best = (url, directory.folder) }
            }
        }
        return best.map { best in
            let rest = wanted.dropFirst(best.url.count)
            return best.folder + (rest == "/" ? "" : rest)
        }
    }

    /// The file of a place, as it is edited: the same one for all changes of a command.
    private func draft(of commitPath: ConfigurationPath) throws(Failure) -> PendingFile {
        if let known = pending.first(where: { $0.commitPath == commitPath }) { return known }
        let (file, isNew) = try file(of: commitPath)
        let made = PendingFile(commitPath, file, isNew: isNew)
        pending.append(made)
        return made
    }

    private func file(of commitPath: ConfigurationPath) throws(Failure) -> (file: DraftFile, isNew: Bool) {
        guard commitPath.site != nil else { return (DraftFile(try soundServer().file.document), false) }
        guard let folder = try folder(of: commitPath) else {
            throw .notFound("\(commitPath)", ObjectKind.config.name)
        }
        let system = try system()
        do throws(ConfigurationError) {
            let known = try system.configuration(at: commitPath).files.last { path in
                path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex) == folder
            }
            let path = known ?? folder + "/web.config"
            let bytes = try instance.bytes(of: path)
            let document = try Document(bytes: bytes ?? Array(ConfigurationEditor.empty.utf8), path: path)
            return (DraftFile(document), bytes == nil)
        } catch {
            throw .configuration(error)
        }
    }

    /// Changes a section; `commit` writes what has been changed.
    ///
    /// - Parameter ownFileOnly: mistakes that other files make by it count for nothing.
    func change(
        _ section: String, usualCommit: String? = nil, ownFileOnly: Bool = false,
        _ body: (ConfigurationEditor) throws(Failure) -> Void
    ) throws(Failure) -> (path: ConfigurationPath, commitPath: ConfigurationPath) {
        try change(section, at: try path(), usualCommit: usualCommit, ownFileOnly: ownFileOnly, body)
    }

    func change(
        _ section: String, at path: ConfigurationPath, usualCommit: String? = nil, ownFileOnly: Bool = false,
        _ body: (ConfigurationEditor) throws(Failure) -> Void
    ) throws(Failure) -> (path: ConfigurationPath, commitPath: ConfigurationPath) {
        let commitPath = try commitPath(for: path, usual: usualCommit)
        let draft = try draft(of: commitPath)
        guard
            let editor = ConfigurationEditor(
                try system(), section: section, at: path, in: draft.file, of: commitPath)
        else { throw .badOption("commit", "\(commitPath)") }
        try body(editor)
        guard draft.file.isChanged else { return (path, commitPath) }
        try perform { () throws(OperationError) in
            let (document, stored) = try draft.file.applied()
            try editor.verify(document, ownFileOnly: ownFileOnly)
            draft.stored = stored
        }
        return (path, commitPath)
    }

    /// Writes what has been changed, as a whole or not at all.
    func commit() throws(Failure) {
        var changes: [ChangedFile] = []
        for draft in pending {
            guard let stored = draft.stored else { continue }
            let document = draft.file.document
            let old: [UInt8]
            do throws(ConfigurationError) {
                old = try document.stored(document.text)
            } catch {
                throw .configuration(error)
            }
            let change = ChangedFile(
                path: document.path, old: draft.isNew ? nil : old, new: stored,
                isServerFile: draft.commitPath.site == nil)
            if change.old != change.new { changes.append(change) }
        }
        pending = []
        guard !changes.isEmpty else { return }
        let comment = ([verb.rawValue, kind.name] + [line.identifier].compactMap(\.self)).joined(separator: " ")
        try ask { () throws(InstanceFailure) in try instance.submit(changes, comment: comment) }
    }
}
