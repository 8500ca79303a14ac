internal import Administration
internal import Platform

/// What pools read.
extension Check {
    static let contentChecks = [
        Check(name: "folder-missing") { found($0, .missing) },
        Check(name: "folder-unreadable", look: unreadable),
        Check(name: "folder-silent") { found($0, .silent) },
    ]

    private static func found(_ picture: Picture, _ state: Picture.Content.State) -> [Found] {
        picture.content.filter { $0.state == state }.map { content in
            let path = ShellWord.quoted(content.path)
            guard state == .missing else {
                return Found(
                    .error, object(content),
                    "\(content.path) does not answer; what lies there is not served until its file system does")
            }
            // Whoever has a folder on the way could lead elsewhere what root makes there.
            guard !content.isAmongOthers else {
                return Found(
                    .error, object(content),
                    "there is no folder \(content.path), and others than this user can change the way to it")
            }
            let grant =
                picture.caller == 0
                ? [picture.command("pool grant \(ShellWord.quoted(content.pool)) \(path) --read")] : []
            return Found(
                .error, object(content), "there is no folder \(content.path)", ["mkdir -p \(path)"] + grant)
        }
    }

    private static func object(_ content: Picture.Content) -> String { "application \"\(content.application)\"" }

    @Sendable
    private static func unreadable(_ picture: Picture) -> [Found] {
        picture.content.compactMap { content in
            switch content.state {
            case .noFolder: return Found(.error, object(content), "\(content.path) is no folder")
            case .refused(let folder):
                let place = ShellWord.quoted(folder)
                let command =
                    picture.caller != 0
                    ? "chmod u+x \(place)"
                    : picture.setfacl ? "setfacl -m u:\(content.user):x \(place)" : "chmod o+x \(place)"
                return Found(
                    .error, object(content),
                    "the user of the pool \"\(content.pool)\" (\(content.user)) cannot pass through \(folder), and so not "
                        + "read \(content.path)", [command])
            case .unreadable:
                let path = ShellWord.quoted(content.path)
                let command =
                    picture.caller == 0
                    ? picture.command("pool grant \(ShellWord.quoted(content.pool)) \(path) --read")
                    : "chmod -R u+rX \(path)"
                return Found(
                    .error, object(content),
                    "the user of the pool \"\(content.pool)\" (\(content.user)) cannot read \(content.path)", [command])
            case .missing, .silent: return nil
            }
        }
    }
}
