import Administration
import Arguments
import ConfigurationStore
import Events
import Glibc
import HostModel
import Platform

/// The history of the configuration.
extension Execution {
    static func listHistory(_ invocation: Invocation) -> Int32 {
        reading(invocation) { history in
            let versions = try history?.versions(limit: invocation.number(Commands.historyLimit)) ?? []
            if invocation.has(Commands.json) {
                print(JSONValue.object(["versions": .array(versions.map(\.json))]).text())
                return 0
            }
            if versions.isEmpty {
                print("There is no history yet: it begins when the server runs, or with the first change.")
                return 0
            }
            print(row("VERSION", "TIME", "AUTHOR", "TOOL", "COMMENT"))
            for version in versions {
                print(
                    row(
                        "\(version.number)", version.timeText, version.authorText, version.tool, version.comment))
            }
            return 0
        }
    }

    private static func row(_ number: String, _ time: String, _ author: String, _ tool: String, _ comment: String)
        -> String
    {
        let cells = [(number, 7), (time, 24), (author, 12), (tool, 24)].map { text, width in
            let text = LineText.printable(text)
            return text + String(repeating: " ", count: max(0, width - text.count))
        }
        let line = (cells + [LineText.printable(comment)]).joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    static func showHistory(_ invocation: Invocation) -> Int32 {
        version(invocation) { history, version in
            if invocation.has(Commands.showsText) {
                guard
                    let text = ShownText.of(
                        try text(version.number, history), path: configurationPath(invocation),
                        state: statePath(invocation))
                else { throw Refusal("version \(version.number) is no configuration; its secrets cannot be covered") }
                print(String(decoding: text, as: UTF8.self), terminator: "")
                return 0
            }
            let (objects, files) = (
                try history.differences(of: version.number), try history.otherFiles(of: version.number)
            )
            if invocation.has(Commands.json) {
                let more: [JSONValue.Member] = [
                    .init("objects", .array(objects.map(\.json))), .init("files", .array(files.map { .text($0) })),
                ]
                print(JSONValue.object((version.json.members ?? []) + more).text())
                return 0
            }
            print("Version  \(version.number)")
            print("Time     \(version.timeText)")
            print("Author   \(LineText.printable(version.authorText))")
            print("Tool     \(LineText.printable(version.tool))")
            if !version.comment.isEmpty { print("Comment  \(LineText.printable(version.comment))") }
            if let hash = version.newHash { print("SHA-256  \(hash)") }
            for file in files { print("File     \(LineText.printable(file))") }
            for object in objects { print("  \(object.line)") }
            return 0
        }
    }

    static func diffHistory(_ invocation: Invocation) -> Int32 {
        version(invocation) { history, first in
            let other = try invocation.operand(Commands.otherVersion).map { try found($0, history) }
            let (from, to) = other.map { (first.number, $0.number) } ?? (first.number - 1, first.number)
            let old = from == 0 ? Array("<configuration/>".utf8) : try text(from, history)
            guard
                let comparison = VersionComparison(
                    from: old, "version \(from)", to: try text(to, history), "version \(to)",
                    path: configurationPath(invocation), state: statePath(invocation))
            else { throw Refusal("one of the versions is no configuration; its secrets cannot be covered") }
            if invocation.has(Commands.json) {
                print(
                    JSONValue.object([
                        "from": .integer(from), "to": .integer(to),
                        "objects": .array(comparison.objects.map(\.json)), "text": .text(comparison.text),
                    ]).text())
                return 0
            }
            for object in comparison.objects { print(object.line) }
            if !comparison.objects.isEmpty, !comparison.text.isEmpty { print("") }
            print(comparison.text, terminator: "")
            return 0
        }
    }

    static func restoreHistory(_ invocation: Invocation) -> Int32 {
        version(invocation) { history, version in
            let file = try FileInForce.of(configurationPath(invocation))
            let old = try file.bytes()
            let new = try text(version.number, history)
            guard old != new else {
                print("The configuration is that of version \(version.number) already.")
                return 0
            }
            let change = ConfigurationChange(
                files: [FileChange(file.path, expected: .init(old), content: new, isServerFile: true)],
                author: .current,
                tool: "hostelry history restore", comment: "restored from \(version.number)")
            let outcome = try make(change, replacing: old, with: new, invocation)
            print(
                "Version \(version.number) is restored, as version \(outcome.version)"
                    + (outcome.isLive ? "; the server serves by it." : "."))
            return 0
        }
    }

    // MARK: What they share

    /// Why a command does not do what it is asked.
    struct Refusal: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// Makes a change where it brings no mistakes that there were not before, or `--force` is given.
    static func make(
        _ change: ConfigurationChange, replacing old: [UInt8]?, with new: [UInt8], _ invocation: Invocation
    ) throws -> ChangeSubmission.Outcome {
        try check(new, replacing: old, invocation)
        return try ChangeSubmission.make(change, state: statePath(invocation))
    }

    /// Refuses what would bring mistakes that there were not before, unless `--force` is given.
    static func check(_ new: [UInt8], replacing old: [UInt8]?, _ invocation: Invocation) throws {
        let check = try ChangeCheck(
            replacing: old, with: new, path: configurationPath(invocation), state: statePath(invocation))
        StandardError.write(Array(ProblemList(check.errors + check.warnings).text.utf8))
        guard check.errors.isEmpty || invocation.has(Commands.force) else {
            throw Refusal(
                "nothing is changed, since the configuration would have mistakes; --force does it all the same")
        }
    }

    private static func reading(
        _ invocation: Invocation, _ body: (ConfigurationHistory?) throws -> Int32
    ) -> Int32 {
        if IntentRecovery.isNeeded(state: statePath(invocation)) {
            // What a crash left is brought to an end first, so that the history says what the files hold.
            do throws(ChangeError) {
                try IntentRecovery.finish(state: statePath(invocation))
            } catch {
                _ = fail("\(error)")
            }
        }
        do {
            return try body(try ConfigurationHistory.reading(state: statePath(invocation)))
        } catch {
            return fail("\(error)")
        }
    }

    private static func version(
        _ invocation: Invocation, _ body: (ConfigurationHistory, ConfigurationVersionRecord) throws -> Int32
    ) -> Int32 {
        reading(invocation) { history in
            let number = invocation.operand(Commands.versionNumber) ?? ""
            guard let history else { throw Refusal("there is no history in \(statePath(invocation)) yet") }
            return try body(history, try found(number, history))
        }
    }

    private static func found(
        _ text: String, _ history: ConfigurationHistory
    ) throws -> ConfigurationVersionRecord {
        guard let number = Int64(text), let version = try history.version(number) else {
            throw Refusal("there is no version '\(text)'; 'hostelry history list' shows which there are")
        }
        return version
    }

    private static func text(_ number: Int64, _ history: ConfigurationHistory) throws -> [UInt8] {
        guard let text = try history.text(of: number) else {
            throw Refusal(
                "the text of version \(number) cannot be read: it is not there, STATE/history.key is another one, or you "
                    + "may not read that file")
        }
        return text
    }
}

extension ConfigurationVersionRecord {
    fileprivate var timeText: String { Timestamp(nanoseconds: time).text }

    fileprivate var authorText: String { author.user == nil ? "unknown" : author.name }

    fileprivate var json: JSONValue {
        .object([
            "number": .integer(number), "time": .text(timeText), "user": .optional(author.user),
            "author": .text(author.name), "tool": .text(tool), "comment": .text(comment),
            "hash": .optional(newHash.map { "\($0)" }),
        ])
    }
}

extension ObjectDifference {
    /// For example `site "Shop": binding: - → http/*:81:`.
    var line: String {
        let object = name.isEmpty ? kind.rawValue : "\(kind.rawValue) \"\(name)\""
        let head = LineText.printable(aspect.isEmpty ? object : "\(object): \(aspect)")
        switch (old, new) {
        case (nil, let new?): return "\(head): added\(new.isEmpty ? "" : " (\(LineText.printable(new)))")"
        case (let old?, nil): return "\(head): removed\(old.isEmpty ? "" : " (\(LineText.printable(old)))")"
        case (let old?, let new?) where old != new:
            return "\(head): \(LineText.printable(old)) → \(LineText.printable(new))"
        default: return "\(head): changed"
        }
    }

    fileprivate var json: JSONValue {
        .object([
            "kind": .text(kind.rawValue), "name": .text(name), "aspect": .text(aspect), "old": .optional(old),
            "new": .optional(new),
        ])
    }
}
