import HostModel
public import Platform
public import Wire

/// The answer of a request that went wrong, kept while another path makes its page.
final class ErrorAnswer {
    let head: RequestHead
    let verb: Verb
    let user: RequestUser
    let status: UInt16
    let subStatus: UInt16
    let headers: HeaderBlock
    let failure: Failure?

    init(_ request: RequestContext) {
        head = request.head
        verb = request.verb
        user = request.user
        status = request.response.status
        subStatus = request.response.subStatus
        headers = request.response.headers
        failure = request.failure
    }
}

extension RequestContext {
    /// Whether the response tells that something went wrong.
    public var isError: Bool { response.status >= 400 }

    /// Makes the built-in page of the response's status its body.
    ///
    /// - Parameter details: only for readers who may know the server's insides; a web address to read on at, which may
    ///   be empty.
    public func showErrorPage(details moreInformation: String? = nil) {
        let page = moreInformation.map { ErrorPage(detailed: self, moreInformation: $0) } ?? ErrorPage(plain: self)
        dropRepresentation()
        setErrorBody(page.html, type: Self.pageType)
    }

    private static let pageType = Array("text/html; charset=utf-8".utf8)

    /// Makes `bytes` the body of an error's response.
    public func setErrorBody(_ bytes: [UInt8], type: [UInt8]) {
        response.headers.append("Content-Type", type.span)
        response.body = .bytes(bytes)
    }

    /// Removes the body and the header fields that describe it and nothing else of the response.
    public func dropRepresentation() {
        dropBody()
        response.cacheable = nil
        let headers = response.headers
        var kept = HeaderBlock()
        var position = 0
        while let field = headers.next(&position) {
            if !Self.describesBody(field.name) { kept.append(field.name, field.value) }
        }
        if kept.count < headers.count { response.headers = kept }
    }

    private static func describesBody(_ name: Span<UInt8>) -> Bool {
        for known in representation where name.equalsIgnoringCase(known) { return true }
        return false
    }

    private static let representation: [StaticString] = [
        "cache-control", "content-disposition", "content-encoding", "content-language",
        "content-location", "content-md5", "content-type", "etag", "expires", "last-modified",
    ]

    /// Lets another path of the site make the page of this error: the answer is `finishRequest`.
    ///
    /// The path is asked for with GET (HEAD stays), without a body, conditions and ranges. Where it answers 200 the
    /// error's status stays; another status of its own is the response's. Where it goes wrong itself, the built-in page
    /// is shown. So the page of an error never has an error page, and ends.
    ///
    /// - Parameters:
    ///   - path: cooked.
    ///   - query: behind the `?`, percent-encoded; empty for none.
    public func executeErrorPage(path: [UInt8], query: [UInt8]) -> NotificationStatus {
        let answer = ErrorAnswer(self)
        // Credentials that nobody accepted were looked at already.
        let isKnown = if case .unknown = user { false } else { true }
        head = head.forErrorPage(query: query, withCredentials: isKnown)
        verb = Verb(head.method)
        failure = nil
        let status = execute(path: path)
        frame.answer = answer
        return status
    }

    /// Whether the request is one of the server's own for the page of an error.
    public var makesErrorPage: Bool { frames.count > 1 && frames.contains { $0.answer != nil } }

    /// The path that was to make an error's page is through.
    func settle(_ answer: ErrorAnswer) {
        head = answer.head
        verb = answer.verb
        user = answer.user
        response.cacheable = nil
        let hasFailed = failure != nil || response.status == 0
        if hasFailed || response.status == 200 {
            failure = answer.failure
            response.set(status: answer.status, subStatus: answer.subStatus)
        }
        if hasFailed { response.headers.removeAll() }
        let headers = answer.headers
        var position = 0
        while let field = headers.next(&position) {
            if !Self.describesBody(field.name) { response.headers.append(field.name, field.value) }
        }
        if hasFailed { showErrorPage() }
    }

    /// Where relative paths of the configuration begin: the folder of the request's application, then that of its site.
    public var contentRoots: [SystemPath] {
        var roots: [SystemPath] = []
        for path in [Array(resolution.application.path.utf8), [0x2F]] {
            if let root = pipeline.root(of: path, self), !roots.contains(root) { roots.append(root) }
        }
        return roots
    }
}

extension RequestHead {
    /// The whole address that the client asked for.
    ///
    /// - Parameter withPort: whether the port that the request came to is named where the client did not.
    public func url(withPort: Bool = false) -> [UInt8] {
        let target = [UInt8](copying: target)
        // A proxy's form holds scheme and host already.
        guard target.first == 0x2F || target == [0x2A] else { return target }
        var host = field("host").map { [UInt8](copying: value(ofField: $0)) } ?? []
        let hasPort = host.lastIndex(of: 0x3A).map { !host[$0...].contains(0x5D) } ?? false
        if withPort, !hasPort { host += Array(":\(local.port)".utf8) }
        return Array("\(scheme)://".utf8) + host + (target == [0x2A] ? [] : target)
    }
}
