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
    /// With the number of the reading that each waits for.
    private var reloads: [(number: Int, answer: (ControlAnswer) -> Void)] = []
    /// The last reading that is over.
    private var lastRead = 0
    private var upgrades: [(ControlAnswer) -> Void] = []
    private var lastCensus: UInt64 = 0
    private var countCensuses: [UInt64: RoleCensus<ControlMessage.RoleCounts>] = [:]
    private var requestCensuses: [UInt64: RoleCensus<[RunningRequest]>] = [:]

    private var observer: (() -> Void)?

    init(on loop: EventLoop) { self.loop = loop }

    /// Who is told that another configuration is in force.
    func whenApplied(_ observer: @escaping () -> Void) { self.observer = observer }

    // MARK: Reloads

    /// Answers when the configuration is rejected, or in force as that reading finds it, or a later one.
    func awaitReload(_ number: Int, _ answer: @escaping (ControlAnswer) -> Void) {
        reloads.append((number, answer))
        loop.start(timer, after: Self.patience, self)
    }

    /// The configuration was read; what comes into force from now on is no older.
    func read(_ number: Int) { lastRead = number }

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
        observer?()
        guard reloads.contains(where: { $0.number <= lastRead }) else { return }
        finish(upTo: lastRead, .done([.init("problems", Self.json(problems()))]))
    }

    func timerFired(_ timer: Timer) {
        finish(.refused(ControlRefusal(.busy, "The configuration is accepted, but not in force after 15 s.")))
    }

    private func finish(upTo number: Int = .max, _ answer: ControlAnswer) {
        let waiting = reloads.filter { $0.number <= number }
        reloads.removeAll { $0.number <= number }
        if reloads.isEmpty { loop.cancel(timer) }
        for each in waiting { each.answer(answer) }
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

    // MARK: Censuses

    func count(
        _ roles: [RoleProcess], and others: [Int32], on loop: EventLoop, done: @escaping ([Int32: ProcessFacts]) -> Void
    ) {
        lastCensus += 1
        let number = lastCensus
        let pids = roles.map(\.process.pid) + others
        let census = RoleCensus<ControlMessage.RoleCounts>(of: roles, on: loop) { [unowned self] found in
            countCensuses[number] = nil
            loop.perform {
                Dictionary(uniqueKeysWithValues: Set(pids).map { ($0, ProcessFacts(of: $0, counts: found[$0])) })
            } then: {
                done($0)
            }
        }
        countCensuses[number] = census
        census.ask(.countsWanted(number))
    }

    func requests(
        _ workers: [RoleProcess], on loop: EventLoop, done: @escaping ([Int32: [RunningRequest]]) -> Void
    ) {
        lastCensus += 1
        let number = lastCensus
        let census = RoleCensus<[RunningRequest]>(of: workers, on: loop) { [unowned self] found in
            requestCensuses[number] = nil
            done(found)
        }
        requestCensuses[number] = census
        census.ask(.requestsWanted(number))
    }

    func received(_ number: UInt64, _ answer: [RunningRequest], from role: RoleProcess) {
        requestCensuses[number]?.received(answer, from: role.process.pid)
    }

    func received(_ number: UInt64, _ answer: ControlMessage.RoleCounts, from role: RoleProcess) {
        countCensuses[number]?.received(answer, from: role.process.pid)
    }

    func ended(_ role: RoleProcess) {
        for census in countCensuses.values { census.ended(role.process.pid) }
        for census in requestCensuses.values { census.ended(role.process.pid) }
    }
}
