internal import Administration
internal import Platform

/// The running server.
extension Check {
    static let serverChecks = [
        Check(name: "server-not-running", look: notRunning),
        Check(name: "programs-replaced", look: replacedPrograms),
        Check(name: "server-version", look: otherVersion),
        Check(name: "shared-configuration", look: sharing),
        Check(name: "site-not-served", look: sites),
    ]

    @Sendable
    private static func notRunning(_ picture: Picture) -> [Found] {
        guard picture.server == nil, !picture.unseen.contains(where: { $0.what == "the running server" }) else {
            return []
        }
        return [Found(.note, "", "no server runs on \(picture.state)", [picture.command("iisreset /start")])]
    }

    @Sendable
    private static func replacedPrograms(_ picture: Picture) -> [Found] {
        let old = picture.processes.filter(\.isReplaced)
        guard !old.isEmpty else { return [] }
        let named = old.prefix(5).map { "\($0.role) \($0.pid)" }.joined(separator: ", ")
        return [
            Found(
                .warning, "",
                "programs were installed since processes of the server were started from others: \(named)"
                    + (old.count > 5 ? " and \(old.count - 5) more" : ""),
                [picture.command("upgrade", configured: false)])
        ]
    }

    @Sendable
    private static func otherVersion(_ picture: Picture) -> [Found] {
        guard let running = picture.server?.version, running != picture.version else { return [] }
        return [
            Found(
                .warning, "", "the server runs version \(running), the program on disk is version \(picture.version)",
                [picture.command("upgrade", configured: false)])
        ]
    }

    @Sendable
    private static func sharing(_ picture: Picture) -> [Found] {
        guard let shared = picture.server?.sharedConfiguration, let reason = shared.reason else { return [] }
        return [
            Found(
                .error, "", "the shared configuration in \(shared.folder) is \(shared.state): \(reason)",
                [picture.command("shared status")])
        ]
    }

    @Sendable
    private static func sites(_ picture: Picture) -> [Found] {
        let startsByItself = Dictionary(
            picture.sites.map { ($0.name.lowercased(), $0.startsByItself) }, uniquingKeysWith: { first, _ in first })
        return (picture.server?.sites ?? []).compactMap { site in
            let object = "site \"\(site.name)\""
            switch site.state {
            case "quarantined":
                return Found(
                    .error, object, "it is not served: \(site.reasons.joined(separator: "; "))",
                    [picture.command("edit"), picture.command("reload", configured: false)])
            case "stopped" where startsByItself[site.name.lowercased()] != false:
                return Found(
                    .warning, object, "it was stopped, and is started again with the server only",
                    [picture.command("site start \(ShellWord.quoted(site.name))", configured: false)])
            default: return nil
            }
        }
    }
}
