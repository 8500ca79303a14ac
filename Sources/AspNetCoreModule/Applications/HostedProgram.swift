import Configuration
import EventLoop
import HostModel
import Pipeline
import Platform
import Wire

/// One application that is a program of its own: `ProgramLife` decides, this does it.
final class HostedProgram {
    private typealias Life = ProgramLife<ProgramSetup, OfflinePage, ProgramFailure>

    /// What the application is, in the configuration that holds now.
    private var identity: ApplicationManager.Identity
    /// Whose handler asked for it last.
    private var dialect: BackendSettings.Dialect
    private unowned let manager: ApplicationManager
    private let host: LoggedHost
    private var life = Life()
    /// Its processes; nil while nothing serves.
    private var supervisor: BackendSupervisor?
    private var outputs: BackendOutputs?
    private var rules = ProxyRules()
    /// How failed starts are answered.
    private var starts: StartFailureAnswer?
    /// The configuration that the last look saw.
    private var seen: PathConfiguration?
    /// Whether nobody tells of changes in its folder.
    private var isUnwatched = false
    /// How this worker served it last; nil where it has not.
    private var model: BackendSettings.HostingModel?
    /// The name under which the pool's rules know it.
    private var occupied: String?
    /// Requests that ask again at the next `release`.
    private var waiting: [RequestContext] = []
    private var whenEnded: [() -> Void] = []

    /// The application's folder.
    var folder: String { identity.folder }

    /// ANCM's default of `shutdownDelay`. Unit: milliseconds.
    static let usualDelay = 1000

    /// How long after the end of listening it goes on serving. Unit: milliseconds.
    var shutdownDelay: Int {
        if case .serving(let setup) = life.state { setup.settings.shutdownDelay } else { Self.usualDelay }
    }

    init(_ identity: ApplicationManager.Identity, _ dialect: BackendSettings.Dialect, _ manager: ApplicationManager) {
        self.identity = identity
        self.dialect = dialect
        self.manager = manager
        host = manager.host
    }

    private var now: UInt64 { host.loop.now / 1_000_000 }

    /// Answers the request, now or later.
    ///
    /// - Parameters:
    ///   - configuration: of the application, as the request's path was resolved; nil where it does not matter
    ///   any more.
    ///   - dialect: of the handler that asks.
    func handle(
        _ request: RequestContext, _ configuration: PathConfiguration?, _ dialect: BackendSettings.Dialect? = nil
    ) -> NotificationStatus {
        // What is known and served needs no decision.
        if supervisor != nil, configuration === seen, seen != nil, !isUnwatched, dialect == self.dialect {
            return serve(request)
        }
        let isOther = dialect.map { $0 != self.dialect } ?? false
        if let dialect { self.dialect = dialect }
        let (answer, actions) = life.request(
            isNews: isOther || isNews(configuration), isUnwatched: isUnwatched, now: now)
        if case .wait = answer { waiting.append(request) }
        perform(actions)
        switch answer {
        case .wait: return .pending
        case .serve: return serve(request)
        case .offline(let page): return ProgramAnswer.offline(page, request)
        case .failed(let failure): return ProgramAnswer.failure(failure, request, environment: host.environment)
        case .refused:
            // It may be there again.
            if let next = manager.program(of: request, self.dialect), next !== self { return next.handle(request, nil) }
            return ProgramAnswer.shutdown(request)
        }
    }

    /// Whether the configuration says something else than the one that was looked at. Of one place there may be several that
    /// say the same, for each spelling of its path.
    private func isNews(_ configuration: PathConfiguration?) -> Bool {
        guard let configuration, configuration !== seen else { return false }
        return configuration.fileStamps != seen?.fileStamps
    }

    /// Something happened in the application's folder.
    func changed() { perform(life.changed()) }

    /// Another version of the server's configuration holds.
    func use(_ identity: ApplicationManager.Identity) {
        self.identity = identity
        changed()
    }

    /// Ends its processes; requests are refused from now on. Calls `then` when nothing is left.
    func end(_ then: @escaping () -> Void) {
        whenEnded.append(then)
        perform(life.end())
    }

    // MARK: Requests

    private func serve(_ request: RequestContext) -> NotificationStatus {
        guard let supervisor else { return ProgramAnswer.shutdown(request) }
        if let backend = supervisor.readyBackend() { return pass(request, to: backend) }
        // It may be given at once, before this has answered that the request waits.
        var isAnswering = true
        var status: NotificationStatus?
        supervisor.backend { [self] result in
            let answer = pass(request, on: result)
            if isAnswering {
                status = answer
                return
            }
            if case .pending = answer { return }
            request.resume(answer)
        }
        isAnswering = false
        return status ?? .pending
    }

    private func pass(_ request: RequestContext, on result: Result<Backend, BackendFailure>) -> NotificationStatus {
        guard request.hasClient else { return .finishRequest }
        switch result {
        case .success(let backend): return pass(request, to: backend)
        case .failure(let failure) where failure.reason == .stopping: return handle(request, nil)
        case .failure(let failure): return ProgramAnswer.failure(failure, request, starts)
        }
    }

    /// - Parameter tries: how often it was given to another process before.
    private func pass(_ request: RequestContext, to backend: Backend, tries: Int = 0) -> NotificationStatus {
        // More may have come already than may.
        guard request.takesBody(0) else { return request.refuse(.contentTooLarge) }
        ProxyExchange.begin(request, to: backend, rules, for: self, tries: tries)
        return .pending
    }

    /// How often a request is given to another process, since the one before took no connections.
    private static let maximumTries = 3
    /// How long one that listens and has no room for a connection is left alone. Unit: milliseconds.
    private static let pause: UInt64 = 20

    private func give(_ request: RequestContext, _ result: Result<Backend, BackendFailure>, _ tries: Int) {
        let status =
            if case .success(let backend) = result, request.hasClient {
                pass(request, to: backend, tries: tries)
            } else {
                pass(request, on: result)
            }
        if case .pending = status { return }
        request.resume(status)
    }

    private func release() {
        let released = waiting
        waiting = []
        for request in released {
            let status = request.hasClient ? handle(request, nil) : .finishRequest
            if case .pending = status { continue }
            request.resume(status)
        }
    }

    // MARK: Doing

    private func perform(_ actions: [Life.Action]) {
        if case .ended = life.state {
            vacate()
            let heard = whenEnded
            whenEnded = []
            for each in heard { each() }
        }
        for action in actions {
            switch action {
            case .look: look()
            case .open: open()
            case .stop: stop()
            case .release: release()
            case .tellOffline: tell(1012, .information, "was recycled after detecting app_offline.htm.")
            }
        }
    }

    private func look() {
        let look = ApplicationLook(
            identity: identity, dialect: dialect, environment: host.environment, watch: manager.watch)
        host.services.perform {
            look.perform()
        } then: { [self] (findings: ApplicationLook.Findings) in
            if case .ended = life.state { return }
            seen = findings.configuration
            isUnwatched = !findings.isWatched
            perform(life.looked(finding(findings), now: now))
        }
    }

    private func finding(_ findings: ApplicationLook.Findings) -> Life.Finding {
        if let page = findings.page {
            if case .serving = life.state { return .offline(page) }
            vacate()
            return .offline(page)
        }
        switch findings.setup {
        case .success(let setup):
            if case .serving(let old) = life.state {
                if old.yields(to: setup) { compareModel(setup) }
                return .ready(setup)
            }
            compareModel(setup)
            if occupied != setup.hosted.name { vacate() }
            occupied = setup.hosted.name
            guard let refusal = manager.occupancy.admit(setup.hosted, enable32Bit: identity.pool.enable32BitAppOnWin64)
            else { return .ready(setup) }
            return failed(.hosting(refusal, setup), ModuleNotice.refused(refusal, setup.hosted, setup.place))
        case .failure(let failure): return failed(.settings(failure), [failure.event(place), .notStarted(place)])
        }
    }

    /// A worker serves an application in one way alone: with another one begins another worker, as on Windows, where what
    /// runs in the process cannot leave it.
    private func compareModel(_ setup: ProgramSetup) {
        guard let model, model != setup.settings.hostingModel else { return }
        self.model = nil
        host.tell(.changesHostingModel(setup.place))
        host.recycle()
    }

    /// - Parameter events: told once for each time the application comes to fail.
    private func failed(_ failure: ProgramFailure, _ events: [ModuleNotice]) -> Life.Finding {
        if case .failed(let known) = life.state, known == failure { return .failed(failure) }
        for event in events { host.tell(event) }
        return .failed(failure)
    }

    private func open() {
        guard case .serving(let setup) = life.state else { return }
        host.log.use(
            debugLevel: setup.settings.debugLevel, debugFile: expanded(setup.settings.debugFile, setup), folder: folder)
        starts = StartFailureAnswer(setup.settings, environment: host.environment)
        rules.requestTimeout = setup.settings.requestTimeout
        rules.forwardsConnectionHeader = setup.settings.forwardsResponseConnectionHeader
        rules.offersWebSockets = setup.place.hasWebSockets
        let outputs = BackendOutputs(
            BackendOutputs.Settings(setup.settings, setup.place, identity.pool, environment: host.environment),
            place: setup.place, host: host)
        self.outputs = outputs
        supervisor = BackendSupervisor(
            settings: setup.settings, place: setup.place, host: host,
            launcher: Launcher(settings: setup.settings, place: setup.place, environment: host.environment),
            output: outputs)
        model = setup.settings.hostingModel
        if setup.settings.hostingModel == .inProcess { host.tell(.runsOutOfProcess(setup.place)) }
        if isUnwatched { host.tell(.isUnwatched(setup.place)) }
    }

    private func expanded(_ path: String?, _ setup: ProgramSetup) -> String? {
        path.map { BackendVariables(setup.settings, setup.place, worker: host.environment).expansion.expand($0) }
    }

    private func stop() {
        guard let stopping = supervisor else { return stopped() }
        supervisor = nil
        let written = outputs
        outputs = nil
        stopping.stop { [self] in
            // What its processes said last belongs into their log before the worker may end.
            if let written { written.afterWriting { self.stopped() } } else { stopped() }
        }
    }

    private func stopped() {
        vacate()
        perform(life.stopped())
    }

    /// The pool's rules count it no more.
    private func vacate() {
        if let occupied { manager.occupancy.unload(occupied) }
        occupied = nil
    }

    /// As far as it is known without its settings.
    private var place: ApplicationPlace {
        ApplicationPlace(
            siteName: identity.site.name, siteID: identity.site.id, path: identity.application.path, folder: folder,
            pool: identity.pool.name)
    }

    private func tell(_ number: UInt16, _ level: ModuleNotice.Level, _ text: String) {
        let name = identity.site.name
        host.tell(
            ModuleNotice(
                number, level, "Application '\(folder)/' \(text)", site: name, application: identity.application.path))
    }
}

extension HostedProgram: ProxyOwner {
    func ended(_ outcome: ProxyOutcome, at backend: Backend) {
        if outcome == .failed(.cannotConnect) { backend.suspect() }
    }

    /// - Parameter refusing: the process that took no connection: it has ended a moment ago, or listens no more.
    func takeBack(_ request: RequestContext, from refusing: Backend, tries: Int) -> Bool {
        guard tries < Self.maximumTries else { return false }
        guard let supervisor else {
            giveNext(request, tries + 1)
            return true
        }
        supervisor.backend(after: refusing) { [self] result in
            guard case .success(let next) = result, next === refusing else { return give(request, result, tries + 1) }
            // What was ready may be no more after the pause.
            host.services.after(milliseconds: Self.pause) { [self] in giveNext(request, tries + 1) }
        }
        return true
    }

    private func giveNext(_ request: RequestContext, _ tries: Int) {
        guard let supervisor else { return give(request, .failure(BackendFailure(.stopping, "")), tries) }
        supervisor.backend { [self] in give(request, $0, tries) }
    }
}
