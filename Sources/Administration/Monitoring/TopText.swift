/// One look at a server as text: sites, then pools, the busiest first.
public struct TopText {
    private let rates: TrafficRates
    private let width: Int

    public init(_ rates: TrafficRates, width: Int) {
        self.rates = rates
        self.width = max(40, width)
    }

    public var text: String {
        var lines = section(.sites, rates.sites)
        lines.append("")
        lines += section(.pools, rates.pools)
        return lines.map { $0 + "\n" }.joined()
    }

    private func section(_ table: TopTable, _ rows: [TrafficRates.Row]) -> [String] {
        [table.head(width: width, sorting: 1, isReversed: false)]
            + table.sorted(rows, by: 1, isReversed: false, rates).map { table.line(width: width, $0, rates) }
    }
}
