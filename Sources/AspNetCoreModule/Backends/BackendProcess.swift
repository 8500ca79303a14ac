import EventLoop
import Glibc
import Pipeline
import Platform
import Wire

/// Whoever has processes and wants to know what becomes of them.
protocol BackendProcessOwner: AnyObject {
    func listens(_ process: BackendProcess)
    /// It listened and does so no more.
    func lost(_ process: BackendProcess)
    /// Nothing of it is left; `problem` where it never listened.
    func gone(_ process: BackendProcess, _ problem: StartProblem?)
    func tell(_ event: ModuleNotice)
}

/// One process of an application: does what its `BackendLife` decides.
final class BackendProcess: TimerHandler {
    let slot: Int
    private let host: any ModuleHost
    private let settings: BackendSettings
    private let events: BackendEvents
    private let plan: LaunchPlan
    private let process: ChildProcess
    private let family: ProcessFamily
    private let place: BackendPlace
    /// There as long as it has processes.
    private let owner: any BackendProcessOwner
    private var life: BackendLife
    /// Nil until it listens.
    private(set) var backend: Backend?
    private var failure: BackendLife.Failure?
    private var exit: ChildProcess.Exit?

    /// Those that are watched for their end: the process that was started, and the one that listens.
    private var watched: [Int32: DescriptorWatch] = [:]
    private var looking: DescriptorWatch?
    private var looks = LookQueue()
    private let timer = Timer()
    private let isAlone: () -> Bool

    /// How often it is looked who listens. Unit: nanoseconds.
    private static let lookInterval: UInt64 = 4_000_000
    /// How long the end of a killed process is waited for. Unit: milliseconds.
    private static let endPatience: UInt64 = 5000

    /// - Parameter isAlone: whether this worker runs no other application's processes.
    init(
        _ process: ChildProcess, _ plan: LaunchPlan, slot: Int, mark: String, settings: BackendSettings,
        events: BackendEvents, host: any ModuleHost, owner: any BackendProcessOwner, isAlone: @escaping () -> Bool
    ) {
        self.slot = slot
        self.host = host
        self.settings = settings
        self.events = events
        self.plan = plan
        self.process = process
        self.owner = owner
        self.isAlone = isAlone
        // It has not been asked for its exit, so the number is its own.
        let leader = RunningProcess.Identity.of(process.pid) ?? .init(pid: process.pid, startTime: 0)
        family = ProcessFamily(leader: leader, mark: "\(BackendStart.markName)=\(mark)")
        place = BackendPlace(port: plan.port, socketPath: plan.socketPath)
        life = BackendLife(
            startLimit: UInt64(settings.startupTimeLimit) * 1_000_000_000,
            shutdownLimit: UInt64(settings.shutdownTimeLimit) * 1_000_000_000,
            hearsShutdown: settings.dialect == .aspNetCore, at: host.loop.currentTime)
    }

    var pid: Int32 { process.pid }

    /// Watches from now on.
    func begin() {
        watch(process)
        watchListeners()
        arm()
    }

    func stop() { perform(life.stop(at: host.loop.currentTime)) }

    func timerFired(_ timer: Timer) {
        perform(life.timePassed(at: host.loop.currentTime))
    }

    // MARK: What happens

    private func watch(_ process: any HeldProcess) {
        let number = process.descriptorNumber
        watched[process.pid] = DescriptorWatch(number, on: host.loop) { [self] in
            // The watch keeps the process's descriptor as long as it watches.
            withExtendedLifetime(process) { ended(process.pid) }
        }
        // One that cannot be watched has as good as ended.
        if watched[process.pid]?.begin() != true { ended(process.pid) }
    }

    private func ended(_ pid: Int32) {
        watched.removeValue(forKey: pid)?.end()
        perform(life.ended(isLast: watched.isEmpty))
    }

    private func watchListeners() {
        guard let ticker = try? IntervalTicker(interval: Self.lookInterval) else { return look() }
        let tick = Tick(ticker, try? ListenerQuestion())
        let watch = DescriptorWatch(tick.ticker.descriptor.number, on: host.loop) { [self] in
            tick.ticker.clear()
            if looks.isLooking { return }
            if tick.isFree(place) == true { saw(BackendPlace.Found()) } else { look() }
        }
        looking = watch
        if !watch.begin() { look() }
    }

    private final class Tick {
        let ticker: IntervalTicker
        private let question: ListenerQuestion?

        init(_ ticker: consuming IntervalTicker, _ question: consuming ListenerQuestion?) {
            self.ticker = ticker
            self.question = question
        }

        func isFree(_ place: BackendPlace) -> Bool? {
            question == nil ? nil : place.isFree(question!)  // It is there.
        }
    }

    /// - Parameter then: called when it is known, and what follows of it is done.
    private func look(_ then: (() -> Void)? = nil) { if looks.ask(then) { beginLook() } }

    private func beginLook() {
        host.services.perform { [place, family] in
            place.look(family)
        } then: { [self] found in
            let heard = looks.ended()
            saw(found)
            if looks.isLooking { beginLook() }
            for each in heard { each() }
        }
    }

    /// Somebody could not connect.
    private func suspected(_ then: @escaping () -> Void) {
        guard life.refused().contains(.look) else { return then() }
        look(then)
    }

    private func saw(_ found: BackendPlace.Found) {
        let actions = life.saw(found.sight)
        if actions.contains(.announce), let address = found.address { listens(at: address, found.holder) }
        if life.state == .ready, found.sight == .own { watchHolder(found.holder) }
        perform(actions)
    }

    private func listens(at address: BackendAddress, _ holder: Int32) {
        looking?.end()
        looking = nil
        let backend = Backend(pid: process.pid, address: address, token: plan.token, on: host.loop)
        backend.suspected = { [weak self] then in if let self { suspected(then) } else { then() } }
        self.backend = backend
        owner.tell(events.started(process.pid, listener: holder, at: address))
    }

    /// Where another process than the one that was started listens, its end is the end of listening.
    private func watchHolder(_ holder: Int32) {
        guard watched[holder] == nil, holder != process.pid, let identity = RunningProcess.Identity.of(holder),
            let process = (try? RunningProcess.find(identity)) ?? nil
        else { return }
        watch(process)
    }

    // MARK: What is done

    private func perform(_ actions: [BackendLife.Action]) {
        for action in actions { perform(action) }
        arm()
    }

    private func arm() {
        guard let deadline = life.deadline else { return host.loop.cancel(timer) }
        host.loop.start(timer, after: deadline - min(deadline, host.loop.now), self)
    }

    private func perform(_ action: BackendLife.Action) {
        switch action {
        case .announce: owner.listens(self)
        case .fail(let failure): self.failure = failure
        case .lose:
            owner.lost(self)
            withdraw()
            owner.tell(events.ended(process.pid))
        case .look: look()
        case .ask: ask()
        case .terminate:
            withdraw()
            process.signalGroup(SIGTERM)
            performAlone { [family] in
                family.terminateOutsideGroup()
            } then: { _ in
            }
        case .tellForce: owner.tell(events.shutdownFailed(process.pid))
        case .end: end()
        case .finish: owner.gone(self, failure.map(problem))
        }
    }

    private func withdraw() {
        backend?.isReady = false
        backend?.connections.close()
    }

    private func ask() {
        withdraw()
        guard let backend else { return }
        let message = ShutdownMessage(address: backend.address, path: events.place.path, token: plan.token)
        let timeout = Int32(clamping: settings.shutdownTimeLimit * 1000)
        performAlone {
            message.send(timeout: timeout)
        } then: { [self] status in
            if let status { owner.tell(events.shutdownSent(process.pid, status: status)) }
            perform(life.answered(status))
        }
    }

    private func end() {
        withdraw()
        looking?.end()
        looking = nil
        for watch in watched.values { watch.end() }
        watched = [:]
        let withStrangers = isAlone()
        performAlone { [family] in
            family.end(withStrangers: withStrangers, timeout: Self.endPatience)
        } then: { [self] in
            reap()
            if let path = plan.socketPath { try? Folder.removeFile(path) }
            perform(life.isEnded())
        }
    }

    /// A process that could not be ended yet, for it waits for a disk, is asked for its exit when it has.
    private func reap() {
        exit = try? process.exit()
        guard exit == nil else { return }
        let watch = DescriptorWatch(process.descriptorNumber, on: host.loop) { [self] in
            _ = try? process.exit()
            watched.removeValue(forKey: pid)?.end()
        }
        watched[pid] = watch
        _ = watch.begin()
    }

    private func problem(_ failure: BackendLife.Failure) -> StartProblem {
        let (text, code) =
            switch failure {
            case .ended: ("it ended before it listened\(ending)", StartProblem.unspecified)
            case .listensTooLate:
                (
                    "it did not listen on the given port '\(plan.port)' within \(settings.startupTimeLimit) s "
                        + "(startupTimeLimit)", StartProblem.timeout
                )
            case .placeIsTaken:
                (
                    "it failed to listen on the given port '\(plan.port)', at which another program listens",
                    StartProblem.unspecified
                )
            case .stopped: ("the application was stopped meanwhile", StartProblem.unspecified)
            }
        return StartProblem(
            stage: .check, text: text, code: code, commandLine: plan.commandLine, port: plan.port)
    }

    private var ending: String {
        switch exit {
        case .status(let status)?: ", with exit code \(status)"
        case .signal(let number, _)?: ", by signal \(number)"
        case .unknown?, nil: ""
        }
    }

    /// On a thread of its own, so that disks that hang do not keep a process from ending.
    private func performAlone<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) {
        do throws(SystemError) {
            try host.loop.performAlone(work, then: completion)
        } catch {
            host.services.perform(work, then: completion)
        }
    }
}

/// Calls an action each time a descriptor is readable; whoever made it keeps the descriptor open until `end`.
final class DescriptorWatch: ReadinessHandler {
    private let number: Int32
    private let loop: EventLoop
    private var action: (() -> Void)?

    init(_ number: Int32, on loop: EventLoop, _ action: @escaping () -> Void) {
        self.number = number
        self.loop = loop
        self.action = action
    }

    /// False where the loop cannot watch it.
    func begin() -> Bool { (try? loop.register(number, self)) != nil }

    func end() {
        guard action != nil else { return }
        action = nil
        loop.unregister(number)
    }

    func ready(_ readiness: Readiness) { action?() }
}
