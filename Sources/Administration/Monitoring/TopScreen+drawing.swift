internal import Events
internal import Wire

/// One line of the screen. Its text steers no terminal.
public struct TopLine: Equatable, Sendable {
    public enum Style: Sendable {
        case plain
        case title
        case head
        case selected
        case alert
        case dim
    }

    public let style: Style
    public let text: String

    init(_ text: String, _ style: Style = .plain) {
        self.style = style
        self.text = text
    }
}

extension TopScreen {
    /// Two lines about the server, the head, and the keys at the bottom.
    static let fixedRows = 4

    private static let help = [
        "  ↑ ↓ j k       choose a row             PgUp PgDn g G   go further",
        "  Enter         the requests that the chosen site or pool has in work now",
        "  p             sites or pools",
        "  s             sort by the next column  0…9             sort by that column (0: the name)",
        "  r             turn the order round",
        "  /             show names that hold what you type; Esc shows all again",
        "  ?             this page                q, Ctrl-C       end", "",
        "  Rates are those of the last interval. P50, P95, P99: so many percent of the answers took no longer, from the",
        "  request's first byte until the answer was written. Errors count the router's own answers (400, 502, 503) too.",
        "  RESTARTS, RECYCLED and FAILED count since the master began; MEMORY is private, of a site that of its pools.",
    ]

    /// As many lines as the terminal has rows, at most; none is wider than it.
    public var lines: [TopLine] {
        var lines = [TopLine(summary, .title), TopLine(state, failure == nil ? .dim : .alert)]
        switch view {
        case .table: lines += tableLines
        case .requests(let name, let isPool): lines += requestLines(name, isPool)
        case .help: lines += [TopLine("Keys", .head)] + Self.help.map { TopLine($0) }
        }
        lines = Array(lines.prefix(max(1, rows - 1)))
        lines += Array(repeating: TopLine(""), count: max(0, rows - 1 - lines.count))
        if rows > 1 { lines.append(TopLine(keys, .dim)) }
        return lines.map { TopLine(Self.cut($0.text, columns), $0.style) }
    }

    private var summary: String {
        guard let rates else { return "Hostelry" }
        let all = rates.all
        var facts = [
            "Hostelry \(LineText.printable(rates.server.version))",
            "\(Quantity.rate(rates.perSecond(all.requests))) req/s",
            "\(Quantity.rate(rates.perSecond(all.answers[4]))) 4xx/s",
            "\(Quantity.rate(rates.perSecond(all.answers[5]))) 5xx/s",
        ]
        if let p99 = all.percentile(99) { facts.append("p99 \(Quantity.duration(p99))") }
        if let connections = rates.server.connections { facts.append("\(connections) connections") }
        if let uptime = rates.server.master.uptime { facts.append("up \(StatusText.duration(uptime))") }
        return facts.joined(separator: "  ")
    }

    private var state: String {
        if let failure { return "The server is away (\(LineText.printable(failure))); trying again." }
        guard let rates else { return "Waiting for the second look at the server." }
        if rates.server.unrouted == nil {
            return "The router does not say what it counts: it starts, or is an older one."
        }
        let refused = rates.perSecond(rates.unrouted.counts.requests)
        let shown = filter.isEmpty && !isFiltering ? "" : "  names with \"\(LineText.printable(filter))\""
        return "\(rates.sites.count) sites with requests, \(rates.pools.count) pools"
            + (refused > 0 ? ", \(Quantity.rate(refused)) req/s for no site" : "") + shown
    }

    private var tableLines: [TopLine] {
        let head = TopLine(table.head(width: columns, sorting: sorting, isReversed: isReversed), .head)
        guard let rates else { return [head] }
        let listed = listed
        guard let marked = marked(in: listed), let place = listed.firstIndex(where: { $0.name == marked.name }) else {
            return [head, TopLine(filter.isEmpty ? "Nothing had a request yet." : "No name holds that.", .dim)]
        }
        let first = max(0, min(place - pageSize / 2, listed.count - pageSize))
        return [head]
            + listed[first..<min(first + pageSize, listed.count)].map { row in
                let failed = row.counts.answers[5] > 0 || row.state == "offline" || row.state == "quarantined"
                return TopLine(
                    table.line(width: columns, row, rates),
                    row.name == marked.name ? .selected : failed ? .alert : .plain)
            }
    }

    private func requestLines(_ name: String, _ isPool: Bool) -> [TopLine] {
        let title = "Requests in work of the \(isPool ? "pool" : "site") \"\(LineText.printable(name))\""
        guard let requests else { return [TopLine(title, .head), TopLine("Asking the server.", .dim)] }
        let lines = (isPool ? requests.only(pool: name) : requests.only(site: name)).lines
        guard !lines.isEmpty else { return [TopLine(title, .head), TopLine("No request is in work.", .dim)] }
        let first = min(offset, max(0, lines.count - pageSize))
        return [TopLine("\(title): \(lines.count)", .head)] + lines[first...].prefix(pageSize).map { TopLine($0) }
    }

    private var keys: String {
        if isFiltering { return "/\(LineText.printable(filter))_" }
        switch view {
        case .table:
            return "q end  ↑↓ choose  Enter requests  p \(showsPools ? "sites" : "pools")  s sort  / filter  ? help"
        case .requests: return "q end  Esc back  ↑↓ further  ? help"
        case .help: return "any key: back"
        }
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
    }
}
