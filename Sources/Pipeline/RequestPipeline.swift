import Configuration
import Platform
public import Wire

/// Runs requests through the stages, on one event loop's thread.
public final class RequestPipeline {
    private var resolver: PathResolver
    /// Whether anybody hears of single requests.
    private var tellsOfRequests: Bool
    let now: () -> UInt64
    /// Nil where no response is to be kept by anybody.
    let keeper: (any CacheKeeper)?
    /// Reads files for bodies; nil where reading them here may wait.
    let services: (any ModuleServices)?
    private var listener: (any RequestObserver)?
    /// Hears of every request; nil where nobody wants to know. Kept behind accessors as `RequestContext.Facts` are.
    public var observer: (any RequestObserver)? {
        get { listener }
        set { listener = newValue }
    }
    private var spare: [RequestContext] = []
    /// Memory for reading files, used again for each piece.
    var buffer: [UInt8] = []

    /// - Parameters:
    ///   - resolver: what paths mean in the configuration to begin with.
    ///   - keeper: watches what the router keeps.
    ///   - services: what reads files on another thread.
    ///   - now: milliseconds of a clock that never goes back; the event loop's.
    public init(
        resolver: PathResolver, keeper: (any CacheKeeper)? = nil, services: (any ModuleServices)? = nil,
        now: @escaping () -> UInt64
    ) {
        self.resolver = resolver
        tellsOfRequests = !resolver.globals.wanted.isDisjoint(with: .ofRequests)
        self.keeper = keeper
        self.services = services
        self.now = now
    }

    /// Serves from another version of the configuration; requests that are under way keep theirs.
    public func use(_ resolver: PathResolver) {
        let old = self.resolver
        self.resolver = resolver
        tellsOfRequests = !resolver.globals.wanted.isDisjoint(with: .ofRequests)
        old.globals.raise(.configurationChange(ConfigurationPath()))
        old.retire()
    }

    /// No new requests will begin.
    public func stopListening() { resolver.globals.raise(.stopListening) }

    /// The worker ends.
    public func stop() { resolver.retire() }

    /// Begins a request.
    ///
    /// Returns its context for `resumeSending` and `clientGone`, or `nil` when all of the answer was sent already.
    public func begin(_ head: RequestHead, _ sink: any ResponseSink) -> RequestContext? {
        let request: RequestContext
        if let used = spare.popLast() {
            request = used
            request.reuse(head, sink)
        } else {
            request = RequestContext(head, sink, self)
        }
        let now = now()
        request.startedAt = now
        open(request, head, now: now)
        return request.sending.phase == .done ? nil : request
    }

    /// Starts the request's own pass, or looks first at what must be known for it.
    private func open(_ request: RequestContext, _ head: RequestHead, now: UInt64) {
        switch answer(head.path, of: head.siteID, now: now) {
        case .resolved(let resolution):
            request.enter(resolution)
            start(request, resolution?.load)
        case .unseen(let survey):
            request.enter(nil, survey)
            look(request)
        }
    }

    /// Begins the pass of a child request.
    func enter(_ path: Span<UInt8>, _ request: RequestContext) {
        switch answer(path, of: request.head.siteID, now: now()) {
        case .resolved(let resolution): request.enter(resolution)
        case .unseen(let survey): request.enter(nil, survey)
        }
    }

    /// What the path means, or what must be looked at before that is known.
    private func answer(_ path: Span<UInt8>, of site: UInt32, now: UInt64) -> PathResolver.Answer {
        guard services != nil else { return .resolved(resolver.resolve(site: site, path: path, now: now)) }
        return resolver.answer(site: site, path: path, now: now)
    }

    /// The folder of the virtual directory that holds a path of the request's site.
    func root(of path: [UInt8], _ request: RequestContext) -> SystemPath? {
        resolver.root(site: request.head.siteID, path: path.span)
    }

    /// What the text of a path of the request's site names on disk.
    func physicalPath(of path: [UInt8], _ request: RequestContext) -> SystemPath? {
        resolver.physicalPath(site: request.head.siteID, path: path.span)
    }

    /// Looks at what the current pass's path names, on another thread, and goes on with the pass.
    private func look(_ request: RequestContext) {
        guard let services, let survey = request.frame.survey else { return }
        request.sending.isPending = true
        let resolver = resolver
        services.perform {
            survey.perform()
        } then: { [self] (findings: PathSurvey.Findings) in
            request.sending.isPending = false
            guard request.sink != nil else { return release(request) }
            if request.frames.count == 1, resolver !== self.resolver { return openAgain(request) }
            let resolution = resolver.resolve(survey, findings, now: now())
            request.see(resolution, findings)
            if request.frames.count == 1 { start(request, resolution?.load) } else { run(request) }
        }
    }

    /// Another version of the configuration came while its path was looked at: nothing of the old one begins any more, as
    /// its applications were told to stop.
    private func openAgain(_ request: RequestContext) {
        request.frames.removeAll(keepingCapacity: true)
        open(request, request.head, now: now())
    }

    /// - Parameter load: of the application that the path belongs to; nil where none is served.
    private func start(_ request: RequestContext, _ load: ApplicationLoad?) {
        request.load = load
        load?.enter()
        if tellsOfRequests { tell(request) }
        observer?.began(request)
        run(request)
    }

    private func tell(_ request: RequestContext) {
        if let load = request.load, load.start() { resolver.globals.raise(.applicationStart(load.name)) }
        resolver.globals.raise(.preBeginRequest(request))
    }

    func resume(_ request: RequestContext, _ status: NotificationStatus) {
        request.sending.isPending = false
        guard request.sink != nil else { return release(request) }
        if request.frames.count > request.sending.depth {
            // The module asked for a child request.
            endPass(request, depth: request.sending.depth)
        } else {
            advance(request, request.hasTooLargeBody ? request.refuse(.contentTooLarge) : status)
        }
        run(request)
    }

    /// The pass goes on with its last stages, when the child request above it is through.
    private func endPass(_ request: RequestContext, depth: Int) {
        let closing = request.frames[depth - 1].resolution?.settings?.modules.closing ?? 0
        request.frames[depth - 1].position = max(request.frames[depth - 1].position, closing)
    }

    func abandon(_ request: RequestContext) {
        guard request.sending.phase != .done else { return }
        observer?.ended(request)
        request.sink = nil
        request.dropBody()
        request.sending.phase = .done
        guard request.sending.isPending else {
            let reader = request.input.reader
            release(request)
            reader?.stopped()
            return
        }
        // It lets go, now or later; until then nothing of it counts or takes memory.
        request.input.held = []
        request.load?.leave()
        request.load = nil
        request.input.reader?.stopped()
    }

    /// The name of the module whose step runs now.
    func runningModule(_ request: RequestContext) -> String {
        guard let list = request.frame.resolution?.settings?.modules else { return Failure.core }
        let isSending = request.stage.notification == .sendResponse
        if isSending, list.sending.isEmpty { return Failure.core }
        let step =
            isSending
            ? list.sending[max(0, request.sending.position - 1)] : list.steps[max(0, request.frame.position - 1)]
        guard step.action == .executeHandler else { return step.name }
        return request.handler?.moduleName(request.frame.handlerPosition - 1) ?? Failure.core
    }

    func run(_ request: RequestContext) {
        while true {
            if request.frame.survey != nil { return look(request) }
            let depth = request.frames.count
            let isChild = depth > 1
            guard let list = enter(request) else {
                guard isChild else { return finish(request) }
                leave(request)
                continue
            }
            let end = isChild ? list.closing : list.steps.count
            while request.frame.position < end {
                let position = request.frame.position
                request.frame.position = position + 1
                request.stage = list.steps[position].stage
                let status = perform(list.steps, position, request)
                if case .pending = status { return request.sending.wait(depth: depth) }
                if request.frames.count > depth {
                    // The module asked for a child request; its own pass ends when that one is through.
                    endPass(request, depth: depth)
                    break
                }
                advance(request, status)
            }
            if request.frames.count > depth { continue }
            guard isChild else { return finish(request) }
            leave(request)
        }
    }

    /// Ends the pass of a child request.
    private func leave(_ request: RequestContext) {
        if let answer = request.frames.removeLast().answer { request.settle(answer) }
    }

    /// The module list of the request's current pass; `nil` where it ends before the first module.
    private func enter(_ request: RequestContext) -> ModuleList? {
        guard let resolution = request.frame.resolution else {
            request.refuse(.siteNotFound)
            return nil
        }
        switch resolution.outcome {
        case .failure(let error):
            request.refuse(.configurationInvalid, error.text, configuration: error)
            return nil
        case .success(let settings):
            guard request.frame.position == 0 else { return settings.modules }
            if resolution.hasTooManySegments {
                request.refuse(.tooManySegments)
            } else if let section = settings.unenforced {
                request.refuse(.sectionNotEnforced, section.explanation)
            } else if let refusal = settings.secureChannel.refusal(request.head.scheme) {
                request.refuse(refusal)
            } else if let refusal = settings.serverRuntime.refusal(request.head.body, inWork: resolution.load.inWork) {
                request.refuse(refusal)
            } else {
                return settings.modules
            }
            request.frame.position = settings.modules.closing
            return settings.modules
        }
    }

    private func advance(_ request: RequestContext, _ status: NotificationStatus) {
        guard case .finishRequest = status, let list = request.frame.resolution?.settings?.modules else { return }
        request.frame.position = max(request.frame.position, list.closing)
    }

    /// The request is over; its context serves the next one.
    func release(_ request: RequestContext) {
        request.load?.leave()
        request.load = nil
        request.unload()
        request.response.body = .none
        request.frames.removeAll(keepingCapacity: true)
        if spare.count < 256 { spare.append(request) }
    }
}
