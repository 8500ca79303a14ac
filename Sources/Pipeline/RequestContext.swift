import Configuration
public import Platform
public import Wire

/// A request on its way through the pipeline. Contexts are used again for later requests; keep none.
public final class RequestContext {
    /// Where the request stands in one pass of the pipeline. A child request is a pass of its own on top.
    struct Frame {
        let resolution: Resolution?
        /// What is to be looked at before `resolution` is known.
        var survey: PathSurvey?
        /// The next step of the module list.
        var position = 0
        /// The next module of the chosen handler.
        var handlerPosition = 0
        /// The chosen handler, and how much of the path is the script's where path information follows it.
        var candidate: HandlerMapping.Candidate?
        var file = FileLookup.notAsked
        /// Of the error whose page this pass makes.
        var answer: ErrorAnswer?
    }

    enum FileLookup {
        case notAsked
        case asked(FileInformation?)
    }

    /// What other modules see through accessors. A property that they reach themselves is guarded against changes in the
    /// midst of a use, each time anew and here as well, which costs more than the use.
    private struct Facts {
        var head: RequestHead
        var verb: Verb
        var user = RequestUser.unknown
        var cacheTicket: AnyObject?
        var failure: Failure?
        var stage = Stage(.beginRequest)
        var startedAt: UInt64 = 0
        var bodyLimit = UInt64.max
    }

    private var facts: Facts
    public var response = Response()
    var frames: [Frame] = []
    var sink: (any ResponseSink)?
    var sending = SendingState()
    /// How much of it has come. Unit: bytes.
    private var receivedBody: UInt64 = 0
    /// What modules said instead of what the server's variables would say.
    var setVariables: [(name: ServerVariableName, value: [UInt8])] = [] { didSet { isLaden = true } }
    /// Whether a module changed the request's header fields.
    var hasChangedHead = false
    /// What ends with the request.
    private var leases: [AnyObject] = []
    /// Of the body; changed only where there is one or a module reads.
    var input = RequestInput()
    /// Whether there was a lease, a set variable or a body, which most requests do without.
    var isLaden = false
    /// Whether the client's connection is to be closed without an answer.
    var isAborted = false
    /// The state of the file that was looked at last.
    private var seenStamp: FileStamp?
    /// When it was, by the pipeline's clock; `UInt64.max` for not yet. Unit: milliseconds.
    private var seenTime = UInt64.max
    /// The load that this request is counted in.
    var load: ApplicationLoad?
    unowned let pipeline: RequestPipeline

    init(_ head: RequestHead, _ sink: any ResponseSink, _ pipeline: RequestPipeline) {
        facts = Facts(head: head, verb: Verb(head.method))
        self.sink = sink
        self.pipeline = pipeline
    }

    /// The request as the client sent it. Set before anything else can see the context.
    public internal(set) var head: RequestHead {
        get { facts.head }
        set { facts.head = newValue }
    }

    public internal(set) var verb: Verb {
        get { facts.verb }
        set { facts.verb = newValue }
    }

    public var user: RequestUser {
        get { facts.user }
        set { facts.user = newValue }
    }

    /// What the output cache noted about the request at ResolveRequestCache for UpdateRequestCache.
    public var cacheTicket: AnyObject? {
        get { facts.cacheTicket }
        set { facts.cacheTicket = newValue }
    }

    /// Why the request is refused, once it is.
    public internal(set) var failure: Failure? {
        get { facts.failure }
        set { facts.failure = newValue }
    }

    /// The stage that runs.
    public internal(set) var stage: Stage {
        get { facts.stage }
        set { facts.stage = newValue }
    }

    /// When the request came, by the pipeline's clock. Unit: milliseconds.
    public internal(set) var startedAt: UInt64 {
        get { facts.startedAt }
        set { facts.startedAt = newValue }
    }

    /// How large the request's body may be. Unit: bytes.
    public var bodyLimit: UInt64 {
        get { facts.bodyLimit }
        set { facts.bodyLimit = newValue }
    }

    /// Begins anew with another request. What the last one held is gone since it was released.
    func reuse(_ head: RequestHead, _ sink: any ResponseSink) {
        self.head = head
        verb = Verb(head.method)
        self.sink = sink
        response.clear()
        user = .unknown
        cacheTicket = nil
        if facts.failure != nil { facts.failure = nil }
        stage = Stage(.beginRequest)
        sending = SendingState()
        isAborted = false
        bodyLimit = .max
        receivedBody = 0
        seenTime = .max
        hasChangedHead = false
    }

    /// Lets go of what ends with the request.
    func unload() {
        guard isLaden else { return }
        leases.removeAll()
        setVariables.removeAll()
        input = RequestInput()
        isLaden = false
    }

    /// Begins a pass with what its path means, or with what is to be looked at before that is known.
    func enter(_ resolution: Resolution?, _ survey: PathSurvey? = nil) {
        frames.append(Frame(resolution: resolution, survey: survey))
    }

    var frame: Frame {
        @inline(__always) _read { yield frames[frames.count - 1] }
        @inline(__always) _modify { yield &frames[frames.count - 1] }
    }

    /// Whether the path belongs to an application that is served here.
    public var isResolved: Bool { frames.last?.resolution != nil }

    /// What the path of the current pass means. Modules run only where there is one.
    public var resolution: Resolution { frame.resolution! }  // Modules come from a resolution's settings.

    /// The handler that was chosen; `nil` before MapRequestHandler.
    public var handler: Handler? { frame.candidate?.handler }

    /// The module that has the request: the one that runs, or the one that it waits for. `IIS Web Core` where none does.
    public var module: String { pipeline.runningModule(self) }

    /// Whether the client is on this machine, so that it may read about the server's insides.
    public var isLocal: Bool {
        let remote = head.remote.address
        if remote == head.local.address { return true }
        if let v4 = remote.v4 { return v4 >> 24 == 127 }
        return remote.high == 0 && remote.low == 1
    }

    /// What the path names on disk, looked up once a pass; `nil` where it names nothing or must not be looked up.
    public var file: FileInformation? {
        if case .asked(let known) = frame.file { return known }
        let found = resolution.physicalPath.flatMap { try? FileInformation.of($0) }
        see(found)
        return found
    }

    @inline(__always) private func see(_ found: FileInformation?) {
        frame.file = .asked(found)
        if let found { (seenStamp, seenTime) = (found.stamp, pipeline.now()) }
        if let keeper = pipeline.keeper, let path = resolution.physicalPath { keeper.saw(path, found?.stamp) }
    }

    /// What the current pass's path means is known now, and what it names.
    func see(_ resolution: Resolution?, _ findings: PathSurvey.Findings) {
        frame = Frame(resolution: resolution, answer: frame.answer)
        if resolution != nil { see(findings.file) }
    }

    /// Whether nobody asked for the path within the last second, so that what lies below it may not be in memory. False
    /// where waiting harms nobody.
    public var isFirstLook: Bool { pipeline.services != nil && resolution.seenAt == pipeline.now() }

    /// Whether the file that was looked at last was found in that state, in this turn of the loop.
    func hasSeen(_ stamp: FileStamp) -> Bool { seenTime == pipeline.now() && seenStamp == stamp }

    /// Whether the client's side of the worker has a file in that state open from an earlier response, so that nobody
    /// needs to open it again.
    public func isKept(_ stamp: FileStamp) -> Bool { sink?.keeps(stamp) ?? false }

    /// Whether the client's own URL is answered, not another that stands for it.
    public var isOwnURL: Bool { frames.count == 1 }

    /// How often a URL must be asked for before the router may keep its response. IIS: 2 requests in 10 s.
    public var frequentHits: (threshold: Int, nanoseconds: Int64) {
        guard let runtime = frame.resolution?.settings?.serverRuntime else { return (.max, 0) }
        return (runtime.frequentHitThreshold, runtime.frequentHitPeriod)
    }

    /// Refuses the request; the answer is `finishRequest`, for the module to return.
    ///
    /// - Parameter code: the HRESULT that the page and the access log show; 0 for the refusal's own.
    @discardableResult
    public func refuse(_ refusal: Refusal, _ detail: String = "", code: UInt32 = 0) -> NotificationStatus {
        refuse(refusal, detail, module: pipeline.runningModule(self), code: code)
    }

    @discardableResult
    func refuse(
        _ refusal: Refusal, _ detail: String = "", module: String = Failure.core,
        configuration: ConfigurationError? = nil, code: UInt32 = 0
    ) -> NotificationStatus {
        failure = Failure(
            refusal: refusal, module: module, stage: stage, detail: detail, handler: handler?.name ?? "",
            physicalPath: frame.resolution?.physicalPath?.text ?? "", configurationError: configuration,
            namedCode: code)
        dropBody()
        response.set(status: refusal.status, subStatus: refusal.subStatus)
        return .finishRequest
    }

    /// Takes the response's body away; what makes it stops.
    func dropBody() {
        if case .stream(let source) = response.body { source.cancel() }
        response.body = .none
    }

    /// Closes the client's connection without an answer; the answer is `finishRequest`, for the module to return.
    public func abort() -> NotificationStatus {
        isAborted = true
        dropBody()
        response.clear()
        return .finishRequest
    }

    /// Keeps `lease` until the request is over, however it ends: answered, broken off or left by its client.
    public func hold(_ lease: AnyObject) {
        leases.append(lease)
        isLaden = true
    }

    /// What `hold` keeps of that type.
    public func lease<Lease: AnyObject>(_: Lease.Type) -> Lease? {
        for lease in leases { if let lease = lease as? Lease { return lease } }
        return nil
    }

    /// Lets another path of the site make the response, through a pass of its own (IIS: `ExecuteURL`).
    ///
    /// The answer is `finishRequest`, for the module to return; at most ten passes lie on top of each other.
    public func execute(path: [UInt8]) -> NotificationStatus {
        guard frames.count <= 10 else { return refuse(.internalError, "Child requests go in a circle") }
        dropBody()
        response.clear()
        // The other path asks for itself who may see it.
        user = .unknown
        pipeline.enter(path.span, self)
        return .finishRequest
    }

    /// Bytes of the request's body have come. Answers whether more may come; where not, the request is refused as soon as
    /// the module that holds it lets go.
    public func takesBody(_ count: Int) -> Bool {
        receivedBody += UInt64(count)
        return !hasTooLargeBody
    }

    /// Whether more of the body has come than may.
    var hasTooLargeBody: Bool { receivedBody > bodyLimit }

    /// Goes on after a module answered `pending`.
    public func resume(_ status: NotificationStatus) { pipeline.resume(self, status) }

    /// The client takes more of the response, or its `BodySource` has more.
    public func resumeSending() { pipeline.send(self) }

    /// The client is gone: nothing further is sent, and the context may be used again when no module holds it.
    public func clientGone() { pipeline.abandon(self) }
}

/// How far the response's body was sent.
struct SendingState {
    enum Phase {
        case making, sending
        /// The response's half of a tunnel is over, and the client's goes on.
        case listening
        case done
    }

    var phase = Phase.making
    var sent: Int64 = 0
    /// The next of the modules that see the response leave.
    var position = 0
    /// Whether a module answered `pending` and has not come back.
    var isPending = false
    /// In how deep a pass it did. From 1.
    private(set) var depth = 1

    mutating func wait(depth: Int) {
        isPending = true
        self.depth = depth
    }
}
