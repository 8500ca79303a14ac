internal import Administration
internal import HostModel
internal import Platform

/// The configuration and the server's own files.
extension Check {
    static let configurationChecks = [
        Check(name: "configuration", look: problems), Check(name: "clear-secrets", look: secrets),
        Check(name: "file-writable", look: writable),
    ]

    @Sendable
    private static func problems(_ picture: Picture) -> [Found] {
        picture.problems.map { problem in
            let place = problem.line.number > 0 ? "\(problem.file):\(problem.line.number)" : problem.file
            return Found(
                problem.severity == .error ? .error : .warning, problem.object, "\(place): \(problem.message)",
                edit(problem, picture))
        }
    }

    /// In a site's folder others choose where a name leads, so that nobody is told to edit there by path: `hostelry edit`
    /// knows whose the file is.
    private static func edit(_ problem: Problem, _ picture: Picture) -> [String] {
        if problem.file == picture.configuration { return [picture.command("edit")] }
        if let place = picture.place(of: problem.file) {
            guard problem.file.lowercased().hasSuffix("/web.config") else { return [] }
            return [picture.command("edit \(ShellWord.quoted(place))")]
        }
        let line = problem.line.number > 0 ? "+\(problem.line.number) " : ""
        return ["${EDITOR:-vi} \(line)\(ShellWord.quoted(problem.file))"]
    }

    @Sendable
    private static func secrets(_ picture: Picture) -> [Found] {
        guard let first = picture.clearSecrets.first else { return [] }
        let count = picture.clearSecrets.count
        return [
            Found(
                .warning, "",
                count == 1
                    ? "a secret stands in clear text: \(first)"
                    : "\(count) secrets stand in clear text, the first: \(first)", [picture.command("keys encrypt")])
        ]
    }

    @Sendable
    private static func writable(_ picture: Picture) -> [Found] {
        picture.files.compactMap { file in
            let path = ShellWord.quoted(file.path)
            if file.facts.mode & 0o022 != 0, file.facts.mode & 0o1000 == 0 {
                let who = file.facts.mode & 0o002 != 0 ? "every user" : "the group \(file.facts.group)"
                return Found(
                    .error, "", "\(file.path) can be changed by \(who): whoever changes it owns the server",
                    ["chmod go-w \(path)"])
            }
            guard file.facts.owner != picture.caller, file.facts.owner != 0, picture.caller == 0 else { return nil }
            return Found(
                .warning, "",
                "\(file.path) belongs to the user \(file.facts.owner), who can change what root's server does",
                ["chown \(file.isState ? "-h " : "")0:0 \(path)"])
        }
    }
}
