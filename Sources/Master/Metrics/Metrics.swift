//  Metrics: what the router has counted, joined with what the master knows of pools and processes, for `hostelry top` and
//  for Prometheus. A `TrafficCensus` asks the router; `MetricsServer` answers `GET /metrics` at the address that the
//  configuration gives, if any.
//
//  THREATS. Whoever reaches that address may send anything, slowly, and leave at any moment; this is the one place where
//  the master reads what strangers send. So: a head of 16 KB at most goes through the router's strict parser, nothing of
//  it is kept, connections are few and the longest silent one gives way, and each answer is the last of its connection.
//  Questions that come while one is being answered get its answer. Without the setting nothing listens.

import Administration
import EventLoop
import Platform
import Wire

/// Whoever asks for metrics, the question that is under way, and where metrics are served.
final class Metrics {
    private let loop: EventLoop
    /// When the master began to count restarts. Seconds since 1970, UTC.
    let began = WallClock.seconds()
    private var last: UInt64 = 0
    /// The question that is under way, and whom it was put to.
    private var current: (router: RoleProcess, census: TrafficCensus)?
    private var waiting: [(ServerMetrics) -> Void] = []
    /// Where they are served, as the configuration says it; empty: nowhere.
    var address = ""
    var server: MetricsServer?

    init(on loop: EventLoop) { self.loop = loop }

    /// `done` hears of the metrics that are gathered next; answers whether they are still to be asked for.
    func join(_ done: @escaping (ServerMetrics) -> Void) -> Bool {
        waiting.append(done)
        return waiting.count == 1
    }

    /// They are gathered.
    func finish(_ metrics: ServerMetrics) {
        let waiting = waiting
        self.waiting = []
        for each in waiting { each(metrics) }
    }

    /// Asks what the router has counted; nil where it does not say, or there is none.
    func askTraffic(of router: RoleProcess?, done: @escaping ([TrafficPage.Entry]?) -> Void) {
        guard let router, router.isReady, router.countsTraffic else { return done(nil) }
        last += 1
        let census = TrafficCensus(last, on: loop) { [unowned self] entries in
            current = nil
            done(entries)
        }
        current = (router, census)
        census.ask(router)
    }

    func received(_ number: UInt64, _ page: TrafficPage) {
        // A late page of a question that was given up is passed over.
        if let current, current.census.number == number { current.census.received(page) }
    }

    func ended(_ role: RoleProcess) {
        if let current, current.router === role { current.census.ended() }
    }
}
