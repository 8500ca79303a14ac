internal import Administration
internal import Events

/// Findings for people and for programs.
public struct DiagnosisReport: Sendable {
    public let findings: [Finding]
    public let unseen: [Picture.Unseen]

    /// So many findings of one check are shown to people.
    private static let shown = 10

    public init(_ picture: Picture) {
        findings = Check.findings(in: picture)
        unseen = picture.unseen
    }

    private func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }

    /// 1 where something is wrong, else 0.
    public var exitStatus: Int32 { count(.error) + count(.warning) > 0 ? 1 : 0 }

    public func text(isColoured: Bool) -> String {
        var output = ""
        var counts: [String: Int] = [:]
        for finding in findings {
            counts[finding.check, default: 0] += 1
            guard counts[finding.check, default: 0] <= Self.shown else { continue }
            let object = finding.object.isEmpty ? "" : "\(LineText.printable(finding.object)): "
            output += "\(Self.word(finding.severity, isColoured)): \(object)\(LineText.printable(finding.text))\n"
            output += finding.commands.map { "    \(LineText.printable($0))\n" }.joined()
        }
        for (check, count) in counts.sorted(by: { $0.key < $1.key }) where count > Self.shown {
            output += "and \(count - Self.shown) more of \(check); --json shows all\n"
        }
        for part in unseen { output += "not looked at: \(LineText.printable("\(part.what): \(part.why)"))\n" }
        let (errors, warnings) = (count(.error), count(.warning))
        guard errors + warnings > 0 else {
            return output + (unseen.isEmpty ? "Nothing is wrong.\n" : "Nothing is wrong in what was looked at.\n")
        }
        return output + "\(Self.counted(errors, "error")), \(Self.counted(warnings, "warning"))\n"
    }

    private static func counted(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func word(_ severity: Finding.Severity, _ isColoured: Bool) -> String {
        guard isColoured else { return severity.rawValue }
        let code =
            switch severity {
            case .error: "31"
            case .warning: "33"
            case .note: "36"
            }
        return "\u{1B}[\(code)m\(severity.rawValue)\u{1B}[0m"
    }

    public var json: String {
        JSONValue.object([
            "errors": .integer(count(.error)), "warnings": .integer(count(.warning)),
            "findings": .array(
                findings.map { finding in
                    .object([
                        "check": .text(finding.check), "severity": .text(finding.severity.rawValue),
                        "object": .text(finding.object), "text": .text(finding.text),
                        "commands": .array(finding.commands.map { .text($0) }),
                    ])
                }),
            "notLookedAt": .array(
                unseen.map { .object(["what": .text($0.what), "why": .text($0.why)]) }),
        ]).text() + "\n"
    }
}
