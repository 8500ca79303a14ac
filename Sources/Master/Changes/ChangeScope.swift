import Administration
import ConfigurationStore

/// Which files administrators change through the server, which writes them with its own rights: its configuration, and
/// web.config files. Its owner and root may write any file, and so may a change of theirs.
struct ChangeScope: Sendable {
    /// Neither executable nor set-user-ID: no file of a configuration is. The umask counts too.
    private static let modes: UInt32 = 0o666

    private let serverFile: String
    private let others: Set<String>

    init(_ file: FileInForce) {
        serverFile = file.path
        others = [file.administrationPath, "\(file.folder)/\(Redirection.fileName)"]
    }

    /// The change as it may be made. Throws `denied` where a file is none of the configuration's.
    func admitted(_ change: ConfigurationChange) throws(ControlRefusal) -> ConfigurationChange {
        if let stranger = change.files.first(where: { !admits($0) }) {
            throw ControlRefusal(
                .denied,
                "Administrators change the server's file, administration.config and redirection.config beside it, and "
                    + "web.config files. \(stranger.path) is none of these: only the server's owner and root may change it."
            )
        }
        return ConfigurationChange(
            files: change.files.map { file in
                FileChange(
                    file.path, expected: file.expected, content: file.content, isServerFile: file.isServerFile,
                    creationMode: file.creationMode & Self.modes)
            }, author: change.author, tool: change.tool, comment: change.comment)
    }

    /// The server's file is the one whose text the history keeps; a web.config that claims to be it would be written with the
    /// server's rights instead of its folder's owner's.
    private func admits(_ file: FileChange) -> Bool {
        if file.path == serverFile { return true }
        if file.isServerFile { return false }
        if others.contains(file.path) { return true }
        let names = file.path.split(separator: "/", omittingEmptySubsequences: false)
        return names.first == "" && !names.contains("..") && names.last?.lowercased() == "web.config"
    }
}
