internal import Events
internal import HostModel

/// What becomes of everything in a configuration of Windows, for people and for programs.
public struct WindowsReport: Sendable {
    /// The file of Windows.
    public let path: String
    /// In the order of the file.
    public let rows: [WindowsImport.Row]

    /// - Parameter warnings: of the check, about the file as it is imported; its lines are those of the original.
    init(_ path: String, _ rows: [WindowsImport.Row], warnings: [Problem]) {
        self.path = path
        var rows = rows
        for warning in warnings {
            let ofLine = rows.indices.filter { rows[$0].line == warning.line.number }
            // What waits for a decision already has been said.
            if ofLine.contains(where: { rows[$0].outcome == .decide }) { continue }
            let named = ofLine.first { index in
                guard let name = rows[index].attribute.split(separator: "/").last else { return false }
                return warning.message.hasPrefix("'\(name)' ")
            }
            if let index = named ?? ofLine.first { rows[index].decide(warning.message) }
        }
        self.rows = rows
    }

    public func count(_ outcome: WindowsImport.Row.Outcome) -> Int { rows.count { $0.outcome == outcome } }

    /// What is not simply as on Windows, one a line with its line in the file, and how much is.
    public var text: String {
        rows.filter { $0.outcome != .works }.map { row in
            let value = row.value.isEmpty ? "" : " '\(row.value)'"
            let name = row.attribute.isEmpty ? row.section : "\(row.section) \(row.attribute)"
            return LineText.printable("\(path):\(row.line): \(row.outcome.rawValue): \(name)\(value): \(row.note)")
                + "\n"
        }.joined()
            + "\(count(.works)) sections and attributes work, \(count(.replaced)) have something here in their place, "
            + "\(count(.decide)) are to be decided on.\n"
    }

    /// One JSON object: `file`; `works`, `replaced` and `decide` are counts; `rows` an array of `line`, `section`,
    /// `attribute` (ELEMENT/NAME, empty for the section as a whole), `value`, `outcome` and `note`.
    public var json: String {
        let list = rows.map { row in
            [
                "\"line\": \(row.line)", "\"section\": \(LineText.quoted(row.section))",
                "\"attribute\": \(LineText.quoted(row.attribute))", "\"value\": \(LineText.quoted(row.value))",
                "\"outcome\": \"\(row.outcome.rawValue)\"", "\"note\": \(LineText.quoted(row.note))",
            ].joined(separator: ", ")
        }
        return """
            {
              "file": \(LineText.quoted(path)),
              "works": \(count(.works)),
              "replaced": \(count(.replaced)),
              "decide": \(count(.decide)),
              "rows": [
            \(list.map { "    {\($0)}" }.joined(separator: ",\n"))
              ]
            }

            """
    }
}
