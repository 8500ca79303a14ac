internal import EventLoop
internal import Wire

/// Tells the shell what a loop has counted, a page a turn, so that requests of the loop wait for no more than that.
///
/// A page tells how things are when it is told; between two of them some requests may have been counted.
final class TrafficTelling: TurnHandler {
    private struct Row {
        let subject: TrafficPage.Subject
        let id: UInt32
        let traffic: Traffic
    }

    private let rows: [Row]
    private var told = 0
    private let number: UInt64
    private let shell: ShellPort
    private let loop: EventLoop

    init(
        _ ledger: TrafficLedger, pools: [(id: UInt32, traffic: Traffic)], _ number: UInt64, to shell: ShellPort,
        on loop: EventLoop
    ) {
        rows =
            [Row(subject: .unrouted, id: 0, traffic: ledger.unrouted)]
            + ledger.sites.map { Row(subject: .site, id: $0.key, traffic: $0.value) }
            + pools.map { Row(subject: .pool, id: $0.id, traffic: $0.traffic) }
        self.number = number
        self.shell = shell
        self.loop = loop
    }

    func begin() { turnEnded() }

    func turnEnded() {
        let next = rows[told..<min(told + TrafficPage.maximumEntries, rows.count)]
        told = next.endIndex
        let page = TrafficPage(
            entries: next.map { .init($0.subject, id: $0.id, since: $0.traffic.since, counts: $0.traffic.counts) },
            isLast: told == rows.count)
        let number = number
        shell.tell { $0.told(number, page) }
        if !page.isLast { loop.inNextTurn(self) }
    }
}
