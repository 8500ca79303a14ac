internal import Platform

/// A site's web.config that root changes: as whoever owns its folder, so that nothing else of the machine can be reached by
/// it. Links of others on the way are not followed, and what is no file itself is left alone.
struct SiteFile {
    private let folder: String
    private let name: String

    /// Nil for the server's own files, and where this process is not root's: there its user does it.
    init?(_ path: String, _ isServerFile: Bool) {
        guard !isServerFile, CurrentProcess.user == 0, let slash = path.lastIndex(of: "/") else { return nil }
        name = String(path[path.index(after: slash)...])
        folder = slash == path.startIndex ? "/" : String(path[..<slash])
        guard name.lowercased() == "web.config" else { return nil }
    }

    func perform(_ body: (borrowing HeldDocument) throws(FileError) -> Void) throws(FileError) {
        let held = try HeldFolder.trusted(folder)
        let owner = try held.own().owner
        let document = try HeldDocument(name, in: held)
        // Else it would be told as a change of somebody else's.
        if let entry = try held.entry(Array(name.utf8)), entry.kind != .regular {
            throw FileError(document.path, .notRegular)
        }
        guard owner != 0 else { return try body(document) }
        let outcome: Result<Void, FileError>
        do throws(SystemError) {
            let account = try Account.of(user: owner) ?? Account(name: "\(owner)", user: owner, group: owner)
            outcome = try FileAccount.perform(as: account) {
                do throws(FileError) {
                    return .success(try body(document))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw FileError(document.path, error)
        }
        try outcome.get()
    }
}
