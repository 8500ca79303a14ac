internal import EventLoop
internal import HTTP1
internal import Wire

/// What a connection remembers of the request in work for the logs.
struct RequestNotes {
    /// When its first byte came, by the loop's clock.
    var startedAt: UInt64
    /// Whether the head was understood.
    var isParsed = false
    /// Where it was not.
    var guessedLine = ErrorEntry.RequestLine()
    /// 0 before a site was found.
    var siteID: UInt32 = 0
    /// The site's access log.
    var log: LogLines?
    var pool: Pool?
    /// Where the site's requests are counted; nil before a site was found.
    var traffic: Traffic?
    var answer = LogEntry.Answer()
    /// Whether the error log tells of it already.
    var isInErrorLog = false

    init(startedAt: UInt64 = 0) { self.startedAt = startedAt }
}

extension ClientConnection {
    /// ERROR_NETNAME_DELETED: the client left.
    private static let networkNameDeleted: UInt32 = 64
    /// ERROR_CONNECTION_ABORTED: the response broke off here.
    static let connectionAborted: UInt32 = 1236

    /// The answer has been given, as far as it ever will be. `win32Status` stands for what ended it early.
    func noteAnswer(win32Status: UInt32? = nil) {
        tally(notes.answer.status)
        guard let log = notes.log else { return }
        notes.answer.milliseconds = (router.loop.now - notes.startedAt) / 1_000_000
        if let win32Status { notes.answer.win32Status = win32Status }
        router.logs.record(
            LogEntry(
                siteID: notes.siteID, addresses: addresses, head: head, request: request, path: cooker.path,
                answer: notes.answer), in: log)
    }

    /// A final head was written behind `start` of the output.
    func noteHead(from start: Int, _ variables: HeaderBlock?) {
        guard let log = notes.log, !log.format.custom.isEmpty, let stream else { return }
        notes.answer.variables = variables
        if log.format.custom.showResponse { notes.answer.head = Array(stream.output[start...]) }
    }

    /// The client left before it had its whole answer.
    func noteClientGone(hasAnswer: Bool) {
        if hasAnswer { return noteAnswer(win32Status: Self.networkNameDeleted) }
        tally()
        noteDrop("Client_Reset")
    }

    /// The request was refused, or the connection given up, for one of HTTP.sys's reasons. Told once a request.
    func noteDrop(_ reason: String, status: UInt16 = 0) {
        guard !notes.isInErrorLog else { return }
        notes.isInErrorLog = true
        var entry = ErrorEntry(remote: remote, local: local, reason: reason)
        entry.line = notes.isParsed ? requestLine : notes.guessedLine
        entry.status = status
        entry.siteID = notes.siteID
        entry.queue = notes.pool?.name ?? ""
        router.logs.record(entry)
    }

    private var requestLine: ErrorEntry.RequestLine {
        var line = ErrorEntry.RequestLine()
        line.method = Array(head[request.method])
        line.target = Array(head[request.target])
        line.version = Array((request.isHTTP11 ? "HTTP/1.1" : "HTTP/1.0").utf8)
        return line
    }
}
