internal import Events
internal import Wire

/// The columns in which `hostelry top` shows sites or pools: what each says of a row, and by what it sorts.
struct TopTable: Sendable {
    struct Column: Sendable {
        let title: String
        /// Unit: columns of the terminal.
        let width: Int
        /// Those with the highest number go first where the terminal is too narrow.
        let rank: Int
        let text: @Sendable (TrafficRates.Row, TrafficRates) -> String
        let value: @Sendable (TrafficRates.Row, TrafficRates) -> Double
    }

    /// Of the first column, which has the room that the others leave.
    let name: String
    let columns: [Column]
    /// The name needs so much at least.
    private static let narrowestName = 12

    private static func rate(
        _ title: String, rank: Int, _ count: @escaping @Sendable (TrafficRates.Row) -> UInt64
    ) -> Column {
        Column(
            title: title, width: 7, rank: rank, text: { Quantity.rate($1.perSecond(count($0))) },
            value: { $1.perSecond(count($0)) })
    }

    private static func latency(_ percent: UInt64, rank: Int) -> Column {
        Column(
            title: "P\(percent)", width: 9, rank: rank,
            text: { row, _ in row.counts.percentile(percent).map(Quantity.duration) ?? "-" },
            value: { row, _ in Double(row.counts.percentile(percent) ?? 0) })
    }

    private static func number(
        _ title: String, width: Int = 8, rank: Int, _ number: @escaping @Sendable (TrafficRates.Row) -> UInt64?
    ) -> Column {
        Column(
            title: title, width: width, rank: rank, text: { row, _ in number(row).map { "\($0)" } ?? "-" },
            value: { row, _ in Double(number(row) ?? 0) })
    }

    private static let memory = Column(
        title: "MEMORY", width: 8, rank: 3, text: { row, _ in row.memory.map { Quantity.bytes(Double($0)) } ?? "-" },
        value: { row, _ in Double(row.memory ?? 0) })

    private static func bytes(
        _ title: String, rank: Int, _ count: @escaping @Sendable (TrafficRates.Row) -> UInt64
    ) -> Column {
        Column(
            title: title, width: 8, rank: rank, text: { Quantity.bytes($1.perSecond(count($0))) },
            value: { $1.perSecond(count($0)) })
    }

    private static let common = [
        rate("REQ/S", rank: 0) { $0.counts.requests }, latency(50, rank: 4), latency(95, rank: 6),
        latency(99, rank: 2), rate("4XX/S", rank: 5) { $0.counts.answers[4] },
        rate("5XX/S", rank: 1) { $0.counts.answers[5] },
    ]

    static let sites = TopTable(
        name: "SITE",
        columns: common + [
            bytes("IN/S", rank: 9) { $0.counts.received }, bytes("OUT/S", rank: 8) { $0.counts.sent }, memory,
            number("RESTARTS", rank: 7) { $0.recycled.addingClamped($0.crashed) },
            number("REQUESTS", width: 10, rank: 10) { $0.total },
        ])

    static let pools = TopTable(
        name: "POOL",
        columns: common + [
            number("QUEUE", width: 6, rank: 4) { $0.queued }, number("IN WORK", width: 7, rank: 8) { $0.inWork },
            memory, number("RECYCLED", rank: 7) { $0.recycled }, number("FAILED", width: 6, rank: 7) { $0.crashed },
            Column(
                title: "UPTIME", width: 10, rank: 9,
                text: { row, _ in row.uptime.map { StatusText.duration($0) } ?? "-" },
                value: { row, _ in Double(row.uptime ?? 0) }),
            Column(title: "STATE", width: 11, rank: 5, text: { row, _ in row.state }, value: { _, _ in 0 }),
        ])

    /// The rows in order: by the column of that number (0: the name), the largest first; `isReversed`: the smallest.
    func sorted(_ rows: [TrafficRates.Row], by column: Int, isReversed: Bool, _ rates: TrafficRates) -> [TrafficRates
        .Row]
    {
        guard column > 0, column <= columns.count else {
            return rows.sorted { isReversed ? $0.name > $1.name : $0.name < $1.name }
        }
        let value = columns[column - 1].value
        let keyed = rows.enumerated().map { (place: $0, value: value($1, rates)) }
        let order = keyed.sorted { one, other in
            if one.value != other.value { return isReversed ? one.value < other.value : one.value > other.value }
            return rows[one.place].name < rows[other.place].name
        }
        return order.map { rows[$0.place] }
    }

    /// The numbers of the columns that fit beside a name.
    private func shown(_ width: Int) -> [Int] {
        var shown = Array(columns.indices)
        while shown.reduce(Self.narrowestName, { $0 + columns[$1].width + 2 }) > width,
            let last = shown.max(by: { columns[$0].rank < columns[$1].rank })
        {
            shown.removeAll { $0 == last }
        }
        return shown
    }

    /// The head, as wide as the terminal at most; `sorting` is marked.
    func head(width: Int, sorting: Int, isReversed: Bool) -> String {
        line(width, sorting == 0 ? "\(name)\(isReversed ? "↑" : "↓")" : name) { column in
            let mark = sorting == column + 1 ? (isReversed ? "↑" : "↓") : ""
            return "\(columns[column].title)\(mark)"
        }
    }

    func line(width: Int, _ row: TrafficRates.Row, _ rates: TrafficRates) -> String {
        line(width, LineText.printable(row.name)) { columns[$0].text(row, rates) }
    }

    private func line(_ width: Int, _ name: String, _ cell: (Int) -> String) -> String {
        let shown = shown(width)
        let room = max(1, width - shown.reduce(0) { $0 + columns[$1].width + 2 })
        var line = name.count > room ? name.prefix(room - 1) + "…" : name[...]
        line += String(repeating: " ", count: max(0, room - line.count))
        for column in shown {
            let text = cell(column)
            let width = columns[column].width + 2
            line +=
                text.count < width
                ? String(repeating: " ", count: width - text.count) + text : " \(text.prefix(width - 1))"
        }
        return String(line)
    }
}
