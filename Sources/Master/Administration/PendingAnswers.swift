import Administration
import Configuration
import EventLoop
import Events
import HostModel
import Platform
import Wire

/// Answers to administrators that wait for something to happen.
final class PendingAnswers: TimerHandler {
    /// By when a configuration that was accepted must be in force. Unit: nanoseconds.
    private static let patience: UInt64 = 15_000_000_000

    private let loop: EventLoop
    private let timer = Timer()
    private var reloads: [(ControlAnswer) -> Void] = []
    private var upgrades: [(ControlAnswer) -> Void] = []
    private var censuses: [UInt64: ProcessCensus] = [:]
    private var lastCensus: UInt64 = 0
    private var requestCensuses: [UInt64: RequestCensus] = [:]

    init(on loop: EventLoop) { self.loop = loop }

    // MARK: Reloads

    /// Answers when the configuration that is read from now on is rejected or in force.
    func awaitReload(_ answer: @escaping (ControlAnswer) -> Void) {
        reloads.append(answer)
        loop.start(timer, after: Self.patience, self)
    }

    /// What was read is no configuration.
    func rejected(_ error: ConfigurationError) {
        finish(
            .refused(
                ControlRefusal(
                    .rejected, "The configuration is rejected; what was read last stays in force.",
                    [.init("problems", Self.json([Problem(error)]))])))
    }

    /// What was read last is in force. `problems` are put together where somebody waits for them.
    func applied(_ problems: () -> [Problem]) {
        guard !reloads.isEmpty else { return }
        finish(.done([.init("problems", Self.json(problems()))]))
    }

    func timerFired(_ timer: Timer) {
        finish(.refused(ControlRefusal(.busy, "The configuration is accepted, but not in force after 15 s.")))
    }

    private func finish(_ answer: ControlAnswer) {
        loop.cancel(timer)
        let waiting = reloads
        reloads = []
        for each in waiting { each(answer) }
    }

    // MARK: Upgrades

    /// Answers when the upgrade that is asked for now is refused. Otherwise the conversation ends with this program.
    func awaitUpgrade(_ answer: @escaping (ControlAnswer) -> Void) { upgrades.append(answer) }

    func upgradeRefused(_ event: Event) {
        let waiting = upgrades
        upgrades = []
        for each in waiting { each(.refused(ControlRefusal(.rejected, event.text))) }
    }

    private static func json(_ problems: [Problem]) -> JSONValue { .array(problems.map(\.json)) }

    // MARK: Counts

    func count(
        _ roles: [RoleProcess], and others: [Int32], on loop: EventLoop,
        done: @escaping ([Int32: ProcessCensus.Entry]) -> Void
    ) {
        lastCensus += 1
        let number = lastCensus
        censuses[number] = ProcessCensus(number: number, of: roles, and: others, on: loop) { [unowned self] entries in
            censuses[number] = nil
            done(entries)
        }
    }

    func requests(
        _ workers: [RoleProcess], on loop: EventLoop, done: @escaping ([Int32: [RunningRequest]]) -> Void
    ) {
        lastCensus += 1
        let number = lastCensus
        let census = RequestCensus(number: number, of: workers, on: loop) { [unowned self] requests in
            requestCensuses[number] = nil
            done(requests)
        }
        requestCensuses[number] = census
        census.begin()
    }

    func received(_ number: UInt64, _ requests: [RunningRequest], from role: RoleProcess) {
        requestCensuses[number]?.received(requests, from: role.process.pid)
    }

    func received(_ number: UInt64, _ counts: ControlMessage.RoleCounts, from role: RoleProcess) {
        censuses[number]?.received(number, counts, from: role.process.pid)
    }

    func ended(_ role: RoleProcess) {
        for census in censuses.values { census.ended(role.process.pid) }
        for census in requestCensuses.values { census.ended(role.process.pid) }
    }
}
