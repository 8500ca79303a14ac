import Events

/// Rows in columns for a terminal: as wide as they need be; where the terminal is too narrow, the widest give way.
public struct TextTable {
    private let head: [String]
    private let rows: [[String]]
    private let notes: [[String]]
    /// Unit: columns of the terminal.
    private let width: Int
    /// The column whose words have colours.
    private let colouredColumn: Int?

    private static let narrowest = 4

    /// `notes` are the lines below each row, which are never cut. With `isColoured` the states of a column STATE have colours.
    public init(
        _ head: [String], _ rows: [[String]], notes: [[String]] = [], width: Int, isColoured: Bool = false
    ) {
        colouredColumn = isColoured ? head.firstIndex(of: "STATE") : nil
        self.head = head
        self.rows = rows.map { $0.map { LineText.printable($0) } }
        self.notes = notes
        self.width = width
    }

    public var text: String { lines.map { $0 + "\n" }.joined() }

    public var lines: [String] {
        let widths = widths()
        var lines = [Self.row(head, widths)]
        for (index, row) in rows.enumerated() {
            lines.append(Self.row(row, widths, coloured: colouredColumn))
            guard index < notes.count else { continue }
            lines += notes[index].map { "    \(LineText.printable($0))" }
        }
        return lines
    }

    private func widths() -> [Int] {
        var widths = head.indices.map { column in
            ([head[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
        let gaps = 2 * (head.count - 1)
        while widths.reduce(gaps, +) > width, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            let excess = widths.reduce(gaps, +) - width
            let second = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            widths[widest] = max(Self.narrowest, min(widths[widest] - 1, max(second, widths[widest] - excess)))
        }
        return widths
    }

    private static func row(_ cells: [String], _ widths: [Int], coloured: Int? = nil) -> String {
        var padded = zip(cells, widths).map { cell, width in
            cell.count > width
                ? cell.prefix(width - 1) + "…" : cell + String(repeating: " ", count: width - cell.count)
        }
        if let coloured { padded[coloured] = StateColour.coloured(padded[coloured], state: cells[coloured]) }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
