import Configuration
import EventLoop
import HostModel
import Pipeline
import Platform

/// One application that is a program of its own: `ProgramLife` decides, this does it.
final class HostedProgram {
    private typealias Life = ProgramLife<ProgramSetup, OfflinePage, ProgramFailure>

    /// What the application is, in the configuration that holds now.
    private var identity: ApplicationManager.Identity
    /// Whose handler asked for it first.
    private let dialect: BackendSettings.Dialect
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
    /// Requests that ask again at the next `release`.
    private var waiting: [RequestContext] = []
    private var whenEnded: [() -> Void] = []

    /// The application's folder.
    var folder: String { identity.folder }

    /// How long after the end of listening it goes on serving. Unit: milliseconds.
    var shutdownDelay: Int {
        if case .serving(let setup) = life.state { setup.settings.shutdownDelay } else { 0 }
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
    /// - Parameter configuration: of the application, as the request's path was resolved; nil where it does not matter
    ///   any more.
    func handle(_ request: RequestContext, _ configuration: PathConfiguration?) -> NotificationStatus {
        let (answer, actions) = life.request(isNews: configuration.map { $0 !== seen } ?? false, now: now)
        if case .wait = answer { waiting.append(request) }
        perform(actions)
        switch answer {
        case .wait: return .pending
        case .serve: return serve(request)
        case .offline(let page): return ProgramAnswer.offline(page, request)
        case .failed(let failure): return ProgramAnswer.failure(failure, request, environment: host.environment)
        case .refused: return ProgramAnswer.shutdown(request)
        }
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

    private func pass(_ request: RequestContext, to backend: Backend) -> NotificationStatus {
        ProxyExchange.begin(request, to: backend, rules) { _ in }
        return .pending
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
        for action in actions {
            switch action {
            case .look: look()
            case .open: open()
            case .stop: stop()
            case .release: release()
            case .tellOffline: tell(1012, .information, "was recycled after detecting app_offline.htm.")
            }
        }
        guard case .ended = life.state else { return }
        let heard = whenEnded
        whenEnded = []
        for each in heard { each() }
    }

    private func look() {
        let look = ApplicationLook(
            identity: identity, dialect: dialect, environment: host.environment, watch: manager.watch)
        host.services.perform {
            look.perform()
        } then: { [self] (findings: ApplicationLook.Findings) in
            seen = findings.configuration
            perform(life.looked(finding(findings), now: now))
        }
    }

    private func finding(_ findings: ApplicationLook.Findings) -> Life.Finding {
        if let page = findings.page {
            if case .serving = life.state { return .offline(page) }
            manager.occupancy.unload(identity.name)
            return .offline(page)
        }
        switch findings.setup {
        case .success(let setup):
            if case .serving = life.state { return .ready(setup) }
            guard let refusal = manager.occupancy.admit(setup.hosted, enable32Bit: identity.pool.enable32BitAppOnWin64)
            else { return .ready(setup) }
            return failed(.hosting(refusal, setup), ModuleEvent.refused(refusal, setup.hosted, setup.place))
        case .failure(let failure): return failed(.settings(failure), [failure.event(place), .notStarted(place)])
        }
    }

    /// - Parameter events: told once for each time the application comes to fail.
    private func failed(_ failure: ProgramFailure, _ events: [ModuleEvent]) -> Life.Finding {
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
        if setup.settings.hostingModel == .inProcess { host.tell(.runsOutOfProcess(setup.place)) }
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
        manager.occupancy.unload(identity.name)
        perform(life.stopped())
    }

    /// As far as it is known without its settings.
    private var place: ApplicationPlace {
        ApplicationPlace(
            siteName: identity.site.name, siteID: identity.site.id, path: identity.application.path, folder: folder,
            pool: identity.pool.name)
    }

    private func tell(_ number: UInt16, _ level: ModuleEvent.Level, _ text: String) {
        let name = identity.site.name
        host.tell(
            ModuleEvent(
                number, level, "Application '\(folder)/' \(text)", site: name, application: identity.application.path))
    }
}
