import Modules
import Pipeline
import Platform
import Wire

/// What happened to a request in a pipeline of this process.
final class RequestRecord: RequestObserver, ResponseSink {
    struct Visit {
        let stage: String
        let module: String
        let outcome: Outcome
        /// The cooked path of the pass: a child request's differs from the client's.
        let path: String
    }

    enum Outcome: String {
        case went = "continue"
        case waited = "pending"
        case finished = "finish"
        /// It might change something: it was not called.
        case notCalled = "not called here"
    }

    private(set) var visits: [Visit] = []
    private(set) var resolution: Resolution?
    private(set) var handlers: [(path: String, handler: Handler)] = []
    private(set) var failure: Failure?
    private(set) var status: UInt16 = 0
    private(set) var subStatus: UInt16 = 0
    private(set) var isOver = false
    /// Makes the response, and was not called.
    private(set) var maker: String?
    /// What decided, in the order in which it did.
    private(set) var entries: [DecidingEntry] = []
    private var skipped: String?
    /// What the path means that the module is asked about.
    private var place: Resolution?

    /// Modules that read and answer, and do nothing else: no file is written, no process started, and nobody
    /// asked but the name servers, where rules name hosts.
    private static let readers: Set<String> = [
        "AnonymousAuthenticationModule", "BasicAuthenticationModule", "ConfigurationValidationModule", "CorsModule",
        "CustomErrorModule",
        "DefaultDocumentModule", "DirectoryListingModule", "DynamicIpRestrictionModule", "HttpRedirectionModule",
        "IpRestrictionModule", "ProtocolSupportModule", "RequestFilteringModule", "StaticFileModule",
        "UrlAuthorizationModule",
    ]

    func began(_ request: RequestContext) { if request.isResolved { resolution = request.resolution } }

    func answer(for module: String, _ request: RequestContext) -> NotificationStatus? {
        place = request.isResolved ? request.resolution : nil
        guard !Self.readers.contains(module) else { return nil }
        skipped = module
        guard request.stage == Stage(.executeRequestHandler), request.handler != nil else { return .continue }
        maker = module
        request.response.set(status: 200)
        return .finishRequest
    }

    func called(_ module: String, _ status: NotificationStatus, _ request: RequestContext) {
        note(request)
        let outcome: Outcome
        if skipped == module {
            outcome = .notCalled
        } else {
            outcome =
                switch status {
                case .continue: .went
                case .pending: .waited
                case .finishRequest: .finished
                }
        }
        skipped = nil
        // A handler's module that has answered may let the later stages see it.
        let hasAnswered = request.stage == Stage(.executeRequestHandler) && request.response.status != 0
        if outcome == .finished || hasAnswered { noteDecision(of: module, request) }
        let path = request.isResolved ? String(decoding: request.resolution.path, as: UTF8.self) : ""
        visits.append(Visit(stage: request.stage.name, module: module, outcome: outcome, path: path))
    }

    func ended(_ request: RequestContext) {
        note(request)
        // What the server itself refuses, and a handler's module that leaves the end to the later stages.
        if let failure = request.failure {
            place = request.isResolved ? request.resolution : nil
            noteDecision(of: failure.module, request)
        }
        failure = request.failure
        status = request.response.status
        subStatus = request.response.subStatus
        isOver = true
    }

    private func noteDecision(of module: String, _ request: RequestContext) {
        guard let place, let entry = DecidingEntry.of(request, by: module, at: place), !entries.contains(entry) else {
            return
        }
        entries.append(entry)
    }

    private func note(_ request: RequestContext) {
        guard request.isResolved, let handler = request.handler else { return }
        let path = String(decoding: request.resolution.path, as: UTF8.self)
        if !handlers.contains(where: { $0.handler === handler && $0.path == path }) { handlers.append((path, handler)) }
    }

    // MARK: The response, which nobody reads

    let credit = 1 << 20

    func begin(_ head: ResponseHead) {}
    func write(_ bytes: Span<UInt8>) {}
    func write(_ file: consuming FileDescriptor, _: FileStamp?, offset: Int64, length: Int64) -> FileDescriptor? { nil }
    func end() {}
    func abort() {}
    func fail() {}
}
