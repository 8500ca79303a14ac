internal import Events

/// What `hostelry top` shows and how it follows keys: samples, keys and the terminal's size lead to lines, nothing else.
///
/// Drawing stands in `TopScreen+drawing`.
public struct TopScreen: Sendable {
    enum View: Equatable {
        case table
        /// The requests in work of the site or pool that was chosen.
        case requests(String, isPool: Bool)
        case help
    }

    var columns: Int
    var rows: Int
    var view = View.table
    var showsPools = false
    /// The column that is sorted by, for sites and for pools: 0 is the name.
    var sorting = 1
    var isReversed = false
    /// The name of the row that is marked.
    var selection: String?
    var filter = ""
    /// Keys go to the filter.
    var isFiltering = false
    /// The first request that is shown.
    var offset = 0
    /// The last sample, and what happened between it and the one before.
    private var last: ServerMetrics?
    private(set) var rates: TrafficRates?
    private(set) var requests: RequestList?
    /// Why there is no newer sample; nil while they come.
    private(set) var failure: String?

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// Whether requests are to be asked for.
    public var wantsRequests: Bool { if case .requests = view { true } else { false } }

    // MARK: What comes

    public mutating func resize(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The server's answer; `requests` where they were asked for.
    public mutating func received(_ metrics: ServerMetrics, _ requests: RequestList?) {
        failure = nil
        if let last, metrics.time > last.time { rates = TrafficRates(from: last, to: metrics) }
        last = metrics
        self.requests = requests ?? self.requests
    }

    /// The server does not answer. What is known stays.
    public mutating func lost(_ reason: String) {
        failure = reason
        // It may be another one that answers next.
        last = nil
    }

    // MARK: Keys

    /// Follows a key; false where it ends the program.
    public mutating func press(_ key: TopKey) -> Bool {
        guard key != .interrupt else { return false }
        if isFiltering {
            edit(key)
            return true
        }
        switch view {
        case .table: return pressInTable(key)
        case .help:
            if key == .character("q") { return false }
            view = .table
        case .requests:
            switch key {
            case .character("q"): return false
            case .escape, .backspace, .enter, .character("h"): leaveRequests()
            case .up, .character("k"): offset = max(0, offset - 1)
            case .down, .character("j"): offset += 1
            case .pageUp: offset = max(0, offset - pageSize)
            case .pageDown: offset += pageSize
            case .home: offset = 0
            case .character("?"):
                leaveRequests()
                view = .help
            default: break
            }
        }
        return true
    }

    private mutating func leaveRequests() {
        view = .table
        requests = nil
        offset = 0
    }

    private mutating func pressInTable(_ key: TopKey) -> Bool {
        switch key {
        case .character("q"): return false
        case .up, .character("k"): move(-1)
        case .down, .character("j"): move(1)
        case .pageUp: move(-pageSize)
        case .pageDown: move(pageSize)
        case .home, .character("g"): move(-Int(Int32.max))
        case .end, .character("G"): move(Int(Int32.max))
        case .character("s"): sort(by: (sorting + 1) % (table.columns.count + 1))
        case .character("r"): isReversed.toggle()
        case .character("p"):
            showsPools.toggle()
            selection = nil
            sorting = min(sorting, table.columns.count)
        case .character("/"): isFiltering = true
        case .character("?"): view = .help
        case .escape: filter = ""
        case .enter:
            guard let row = marked(in: listed) else { break }
            view = .requests(row.name, isPool: showsPools)
            offset = 0
        case .character(let character):
            if let number = character.wholeNumberValue, character.isASCII, number <= table.columns.count {
                sort(by: number)
            }
        case .backspace, .interrupt: break
        }
        return true
    }

    private mutating func edit(_ key: TopKey) {
        switch key {
        case .enter: isFiltering = false
        case .escape:
            isFiltering = false
            filter = ""
        case .backspace: _ = filter.popLast()
        case .character(let character): if filter.count < 64 { filter.append(character) }
        default: break
        }
    }

    private mutating func sort(by column: Int) {
        sorting = column
        isReversed = false
    }

    private mutating func move(_ steps: Int) {
        let listed = listed
        guard !listed.isEmpty else { return }
        let place = listed.firstIndex { $0.name == selection } ?? 0
        selection = listed[min(max(0, place + steps), listed.count - 1)].name
    }

    // MARK: What there is to see

    var table: TopTable { showsPools ? .pools : .sites }

    /// The rows that the filter leaves, in order.
    var listed: [TrafficRates.Row] {
        guard let rates else { return [] }
        let all = showsPools ? rates.pools : rates.sites
        let wanted = filter.lowercased()
        let chosen = wanted.isEmpty ? all : all.filter { $0.name.lowercased().contains(wanted) }
        return table.sorted(chosen, by: sorting, isReversed: isReversed, rates)
    }

    /// The row that is marked: the first one where none was chosen, or where it is gone.
    func marked(in listed: [TrafficRates.Row]) -> TrafficRates.Row? {
        listed.first { $0.name == selection } ?? listed.first
    }

    /// How many rows fit below the head.
    var pageSize: Int { max(1, rows - TopScreen.fixedRows) }
}
