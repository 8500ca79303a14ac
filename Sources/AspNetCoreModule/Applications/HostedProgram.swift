import Configuration
import EventLoop
import HostModel
import Pipeline
import Platform

/// One application that is a program of its own: `ProgramLife` decides, this does it.
final class HostedProgram {
    /// What the application is, in the configuration that holds now; nil once it is not this pool's any more.
    private var identity: ApplicationManager.Identity?
    private let manager: ApplicationManager
    private let host: any ModuleHost
    private var life = ProgramLife<ProgramSetup, OfflinePage, ProgramFailure>()
    /// Its processes; nil before the first one and while nothing serves.
    private var supervisor: BackendSupervisor?
    private var rules: ProxyRules?
    /// The configuration that the last look saw, and the dialect of the handler that asked.
    private weak var seen: PathConfiguration?
    private let dialect: BackendSettings.Dialect
    private(set) var folder = ""
    private var waiting: [RequestContext] = []
    private var whenEnded: [() -> Void] = []

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
        case .offline(let page): return show(page, request)
        case .failed(let failure): return manager.pages.show(failure, of: self, request)
        case .refused: return manager.pages.showShutdown(request)
        }
    }

    /// Something happened in the application's folder, or another version of the server's configuration holds.
    func changed() { perform(life.changed()) }

    /// Ends its processes; requests are refused from now on. Calls `then` when nothing is left.
    func end(_ then: @escaping () -> Void) {
        whenEnded.append(then)
        perform(life.end())
        tellEnd()
    }

    /// The application has moved within the configuration, or is what it was.
    func use(_ identity: ApplicationManager.Identity) {
        self.identity = identity
        changed()
    }

    // MARK: Doing

    private func perform(_ actions: [ProgramLife<ProgramSetup, OfflinePage, ProgramFailure>.Action]) {
        for action in actions {
            switch action {
            case .look: look()
            case .open: open()
            case .stop: stop()
            case .release: release()
            case .tellOffline: tell(.offline)
            }
        }
        tellEnd()
    }

    private func look() {
        guard let identity else { return }
        let look = ApplicationLook(identity, dialect, manager)
        folder = look.folder
        host.services.perform {
            look.perform()
        } then: { [self] (findings: ApplicationLook.Findings) in
            seen = findings.configuration
            perform(life.looked(finding(findings), now: now))
        }
    }

    private func finding(
        _ findings: ApplicationLook.Findings
    ) -> ProgramLife<ProgramSetup, OfflinePage, ProgramFailure>.Finding {
        if let page = findings.page { return .offline(page) }
        switch findings.setup {
        case .failure(let failure): return .failed(failure)
        case .success(let setup): 
            if let refusal = manager.occupancy.refusal(of: setup) { return .failed(.hosting(refusal)) }
            return .ready(setup)
        }
    }

    private func release() {
        let released = waiting
        waiting = []
        for request in released {
            let status = request.isLeft ? .finishRequest : handle(request, nil)
            if case .pending = status { continue }
            request.resume(status)
        }
    }
}
