internal import Wire

/// One request and its response, between a client's connection and a worker's link.
///
/// Each side ends its half once: the router with `requestEnd` or a reset, the worker with `responseEnd` or a reset.
/// After a reset of ours the exchange stays on its link, without a client, until the worker has ended its half.
final class Exchange {
    /// So many workers at most are asked.
    private static let maximumRefusals = 3

    /// The client; nil when it is gone.
    private var client: ClientConnection?
    private(set) var link: Link?
    private(set) var stream: UInt32 = 0
    /// Where it waits for a worker; the pool holds it as long. Not weak: a pool that one weak reference ever led to is counted
    /// the slow way from then on, with each of its requests.
    private var pool: Pool?
    /// Frames written before there was a worker.
    private var waitingFrames: [UInt8] = []
    /// How many bytes of body the worker takes for now.
    private(set) var credit = 0
    private var requestEnded = false
    /// Raw bytes go both ways, and each half ends by itself.
    private(set) var isTunnel = false
    private var responseEnded = false
    /// Whether bytes of the body went to a worker, where they are lost if it gives the request back.
    private var hasSentBody = false
    private var hasAnswer = false
    /// How many workers refused it.
    private var refusals = 0
    /// Bytes of body that came and whose credit was not given back yet.
    private var owedCredit = 0

    init(client: ClientConnection) { self.client = client }

    /// Appends to where the request's frames go: its link's output, or what waits.
    func write(_ append: (inout [UInt8], UInt32) -> Void) {
        if let link {
            append(&link.output, stream)
            link.flushLater()
        } else {
            append(&waitingFrames, 0)
        }
    }

    /// The client writes its head: now on the link, or when `begin` comes.
    func wait(in pool: Pool) {
        self.pool = pool
        writeHead()
    }

    private func writeHead() {
        client?.writeHead(of: self)
        // Of a request that a worker gave back.
        if requestEnded { write { $0.append(frame: .requestEnd, stream: $1) } }
    }

    /// The worker gives the request back; whether it can be given to another one.
    func takeBack() -> Bool {
        refusals += 1
        tellGivenUp()
        guard client != nil, !hasSentBody, !hasAnswer, refusals <= Self.maximumRefusals else { return false }
        link = nil
        stream = 0
        credit = 0
        return true
    }

    /// The request has a worker: what waited is sent. The worker takes `window` bytes of body at first, or none before it asks.
    func begin(on link: Link, stream: UInt32, window: Int) {
        self.link = link
        self.stream = stream
        credit = client?.waitsToBeAsked == true ? 0 : window
        if waitingFrames.isEmpty {
            writeHead()
        } else {
            link.output.append(frames: waitingFrames, of: stream)
            waitingFrames = []
        }
        pool = nil
        link.flushLater()
        client?.requestBegan()
    }

    // MARK: From the client

    /// Sends bytes of the body, no more than `credit`.
    func sendBody(_ bytes: Span<UInt8>) {
        guard let link else { return }
        hasSentBody = true
        credit -= bytes.count
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.extracting(first: min(rest.count, Frame.maximumBody))
            link.output.append(frame: .requestBody, stream: stream, body: part)
            rest = rest.extracting(droppingFirst: part.count)
        }
        link.flushLater()
    }

    func endRequest() {
        guard !requestEnded else { return }
        requestEnded = true
        write { $0.append(frame: .requestEnd, stream: $1) }
        if responseEnded { endTunnel() }
    }

    /// The client is gone, or wants no more: the worker is told.
    func abandon(_ reason: ResetReason) {
        client = nil
        guard let link else {
            pool?.abandon(self)
            pool = nil
            return
        }
        requestEnded = true
        link.output.append(reset: stream, reason: reason)
        link.flushLater()
        if responseEnded { endTunnel() }
    }

    /// The worker answered 101: the request's half is open again.
    func becomeTunnel() {
        isTunnel = true
        requestEnded = false
    }

    /// Both halves of a tunnel have ended.
    private func endTunnel() {
        let (link, client) = (link, client)
        (self.link, self.client) = (nil, nil)
        link?.ended(stream)
        client?.tunnelEnded()
    }

    /// Gives the worker back the credit of what the client has taken.
    func returnCredit(force: Bool = false) {
        guard let link, owedCredit >= (force ? 1 : Link.window / 2) else { return }
        link.output.append(window: stream, credit: UInt32(owedCredit))
        link.flushLater()
        owedCredit = 0
    }

    // MARK: From the worker

    func receivedHead(_ head: ResponseHead) throws(LinkError) {
        hasAnswer = true
        try client?.receivedHead(head)
    }

    func receivedBody(_ bytes: Span<UInt8>) throws(LinkError) {
        guard !responseEnded else { throw LinkError("bytes behind the end of a tunnel") }
        owedCredit += bytes.count
        // Without a client the bytes go nowhere, and the worker may have its credit.
        guard let client else { return returnCredit() }
        try client.receivedBody(bytes)
    }

    func receivedFile(_ file: SharedFile, _ part: FilePart, of files: LinkFiles) throws(LinkError) {
        guard let client else { return files.done(file) }
        try client.receivedFile(file, part, of: files)
    }

    func receivedCredit(_ count: Int) {
        credit += count
        client?.receivedCredit()
    }

    /// The worker ends its half; answers whether the exchange stays on its link because the client's half of a tunnel
    /// goes on.
    func endsHalf() throws(LinkError) -> Bool {
        guard isTunnel, !requestEnded else { return false }
        guard !responseEnded else { throw LinkError("a second end of a tunnel") }
        responseEnded = true
        client?.tunnelOutputEnded()
        return true
    }

    /// The worker has given the stream up, and is told that nothing more of the request comes.
    func acknowledgeReset() {
        tellGivenUp()
        requestEnded = true
    }

    private func tellGivenUp() {
        guard !requestEnded, let link else { return }
        link.output.append(reset: stream, reason: .clientGone)
        link.flushLater()
    }

    /// The worker has ended its half; the exchange is on no link any more.
    func receivedEnd() throws(LinkError) {
        let link = link
        self.link = nil
        if !requestEnded, let link {
            // The worker wants no more of the request.
            requestEnded = true
            link.output.append(reset: stream, reason: .clientGone)
            link.flushLater()
        }
        let client = client
        self.client = nil
        try client?.receivedEnd()
    }

    /// The worker will not answer.
    func abort() {
        link = nil
        let client = client
        self.client = nil
        client?.aborted()
    }

    /// There will be no response, or none beyond what was sent.
    func fail(_ refusal: Refusal) {
        link = nil
        pool = nil
        let client = client
        self.client = nil
        client?.failed(refusal)
    }
}
