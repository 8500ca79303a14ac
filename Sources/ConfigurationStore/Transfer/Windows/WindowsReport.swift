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
            let ofLine = rows.indices.filter { rows[$0].file == nil && rows[$0].line == warning.line.number }
            // What waits for a decision already has been said.
            if ofLine.contains(where: { rows[$0].outcome == .decide }) { continue }
            let named = ofLine.first { index in
                guard let name = rows[index].attribute.split(separator: "/").last else { return false }
                return warning.message.contains(name)
            }
            // What stands in its place has been said as well.
            guard let index = named ?? ofLine.first, rows[index].outcome != .replaced else { continue }
            rows[index].decide(warning.message)
        }
        self.rows = rows
    }

    public func count(_ outcome: WindowsImport.Row.Outcome) -> Int { rows.count { $0.outcome == outcome } }

    /// What is not simply as on Windows, in the order of the file, first what is to be decided: one line for everything of
    /// which the same is to be said. Then how much there is of each.
    public var text: String {
        var lines: [String] = []
        for outcome in [WindowsImport.Row.Outcome.decide, .replaced, .works] {
            lines += groups(of: outcome).map(text)
        }
        return lines.map { LineText.printable($0) + "\n" }.joined()
            + "\(count(.works)) sections and attributes work, \(count(.replaced)) have something here in their place, "
            + "\(count(.decide)) are to be decided on. --report FILE writes each of them with its line.\n"
    }

    /// Rows of which the same is said. Those of a section that does nothing here as a whole are left out: its own row says so.
    private func groups(of outcome: WindowsImport.Row.Outcome) -> [[WindowsImport.Row]] {
        let idle = Set(rows.filter { $0.attribute.isEmpty && $0.outcome == .decide }.map(\.section))
        var order: [[String]] = []
        var groups: [[String]: [WindowsImport.Row]] = [:]
        for row in rows where row.outcome == outcome && !(row.outcome == .works && row.note.isEmpty) {
            if !row.attribute.isEmpty, row.note == WindowsImport.Row.keptNote, idle.contains(row.section) { continue }
            // Files are told one by one.
            let key = [row.file ?? "", row.section, row.attribute, row.note]
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(row)
        }
        return order.compactMap { groups[$0] }
    }

    private func text(_ group: [WindowsImport.Row]) -> String {
        guard let row = group.first else { return "" }
        let others = Set(group.map(\.value)).count - 1
        let value = row.value.isEmpty ? "" : " '\(row.value)'" + (others > 0 ? " and \(others) others" : "")
        let name = row.attribute.isEmpty ? row.section : "\(row.section) \(row.attribute)"
        let more = group.count > 1 ? " (and in \(group.count - 1) more places)" : ""
        return "\(row.file ?? path):\(row.line): \(row.outcome.rawValue): \(name)\(value): \(row.note)\(more)"
    }

    /// One JSON object: `file`; `works`, `replaced` and `decide` are counts; `rows` an array of `file`, `line`, `section`,
    /// `attribute` (ELEMENT/NAME, empty for the section as a whole), `value`, `outcome` and `note`.
    public var json: String {
        let list = rows.map { row in
            [
                "\"file\": \(LineText.quoted(row.file ?? path))", "\"line\": \(row.line)",
                "\"section\": \(LineText.quoted(row.section))",
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
