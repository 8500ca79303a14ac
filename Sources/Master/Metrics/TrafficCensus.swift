import EventLoop
import Wire

/// Asks the router what it has counted, and puts its pages together.
final class TrafficCensus: TimerHandler {
    /// What is not told by then is missing. Unit: nanoseconds.
    private static let patience: UInt64 = 2_000_000_000

    let number: UInt64
    private let loop: EventLoop
    private let timer = Timer()
    private var entries: [TrafficPage.Entry] = []
    private var places: [Subject: Int] = [:]
    private var done: (([TrafficPage.Entry]?) -> Void)?

    private struct Subject: Hashable {
        let kind: TrafficPage.Subject
        let id: UInt32
    }

    /// `done` is called once: with an entry for each site and pool; nil where the router did not tell all.
    init(_ number: UInt64, on loop: EventLoop, done: @escaping ([TrafficPage.Entry]?) -> Void) {
        self.number = number
        self.loop = loop
        self.done = done
    }

    func ask(_ router: RoleProcess) {
        loop.start(timer, after: Self.patience, self)
        router.send(.trafficWanted(number))
    }

    func received(_ page: TrafficPage) {
        for entry in page.entries {
            let subject = Subject(kind: entry.subject, id: entry.id)
            if let place = places[subject] {
                entries[place].counts.add(entry.counts)
                entries[place].since = min(entries[place].since, entry.since)
            } else {
                places[subject] = entries.count
                entries.append(entry)
            }
        }
        if page.isLast { finish(entries) }
    }

    /// The router has ended.
    func ended() { finish(nil) }

    func timerFired(_ timer: Timer) { finish(nil) }

    private func finish(_ entries: [TrafficPage.Entry]?) {
        guard let done else { return }
        self.done = nil
        loop.cancel(timer)
        done(entries)
    }
}
