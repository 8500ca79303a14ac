public import Platform
public import Wire

/// One request on a worker's link, and its response. `WorkerLink` says how it is used.
public final class WorkerStream {
    /// Nil when both halves have ended.
    private var link: WorkerLink?
    let number: UInt32
    /// Hears what comes after the head.
    public var handler: (any WorkerStreamHandler)?
    /// How many bytes of body the router takes for now.
    private var window: Int
    private var hasWritten = false
    private var requestEnded = false
    private var responseEnded = false
    /// Both halves carry raw bytes and end apart; `inputEnded` is the client's.
    private var isTunnel = false
    private var inputEnded = false
    private let traits: RequestTraits
    private var isAskedFor = false

    init(_ link: WorkerLink, _ number: UInt32, credit: Int, traits: RequestTraits) {
        self.link = link
        self.number = number
        window = credit
        self.traits = traits
    }

    /// Whether what is written still goes somewhere.
    public var isOpen: Bool { !responseEnded && link != nil }

    /// How many bytes of body may be written for now: what the router takes, and while the link is full no more than a
    /// short answer has, so that long ones hold nobody up.
    public var credit: Int {
        guard let link, link.isFull else { return window }
        return hasWritten ? 0 : min(window, WorkerLink.shortAnswer)
    }

    /// Whether the request may be answered with 101, which makes the stream a tunnel.
    public var canBecomeTunnel: Bool { traits.contains(.canBecomeTunnel) }

    /// Asks for the request's body. A client that sent `Expect: 100-continue` waits for that; of others it comes anyway.
    public func wantBody() {
        guard traits.contains(.waitsToBeAsked), !isAskedFor else { return }
        isAskedFor = true
        took(WorkerLink.window)
    }

    /// Sends a response's head. One that is too large to be sent fails the response, and so does 101 where nobody
    /// offered another protocol.
    public func begin(_ head: ResponseHead) {
        guard isOpen, let link else { return }
        if head.status == 101 {
            guard canBecomeTunnel, !isTunnel else { return fail() }
            isTunnel = true
        }
        guard (try? head.append(to: &link.output, stream: number)) != nil else { return fail() }
        link.flushLater()
    }

    /// Sends bytes of the body, at most `credit`; more fails the response.
    public func write(_ bytes: Span<UInt8>) {
        guard isOpen, let link, !bytes.isEmpty else { return }
        guard bytes.count <= window else { return fail() }
        window -= bytes.count
        hasWritten = true
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.extracting(first: min(rest.count, Frame.maximumBody))
            link.output.append(frame: .responseBody, stream: number, body: part)
            rest = rest.extracting(droppingFirst: part.count)
        }
        link.flushLater()
    }

    /// Hands over a part of an open regular file as the whole body; it comes back when it must be sent as bytes.
    ///
    /// - Parameter stamp: the state of a file that may be sent again; nil where it will not be.
    public func write(
        _ file: consuming FileDescriptor, _ stamp: FileStamp? = nil, offset: Int64, length: Int64
    ) -> FileDescriptor? {
        guard isOpen, let link else { return file }
        return link.send(file, stamp, FilePart(offset: offset, length: length), on: number)
    }

    public func keeps(_ stamp: FileStamp) -> Bool { isOpen && link?.keeps(stamp) == true }

    /// Sends a part of a file that the router still has open in that state as the whole body; false where it has not.
    public func write(_ stamp: FileStamp, offset: Int64, length: Int64) -> Bool {
        guard isOpen, let link else { return false }
        return link.sendKept(stamp, FilePart(offset: offset, length: length), on: number)
    }

    /// The response is complete.
    public func end() { endResponse { $0.append(frame: .responseEnd, stream: self.number) } }

    /// The response cannot go on; the client sees it break off, or 502 when no head was sent. Of a tunnel both halves
    /// end.
    public func fail() {
        if isTunnel, !inputEnded {
            inputEnded = true
            responseEnded = false
        }
        endResponse { $0.append(reset: self.number, reason: .responseFailed) }
    }

    /// The request gets no answer: the client's connection is closed. Only before a head was sent.
    public func abort() { endResponse { $0.append(reset: self.number, reason: .aborted) } }

    /// The request is not looked at because the worker is about to end.
    public func refuse() { endResponse { $0.append(reset: self.number, reason: .refused) } }

    /// Lets the router send `count` more bytes of the request's body, for as many that were dealt with.
    public func took(_ count: Int) {
        guard let link, !hasInputEnded, isTunnel || !responseEnded, count > 0 else { return }
        link.output.append(window: number, credit: UInt32(count))
        link.flushLater()
    }

    private var hasInputEnded: Bool { isTunnel ? inputEnded : requestEnded }

    private func endResponse(_ append: (inout [UInt8]) -> Void) {
        guard isOpen, let link else { return }
        responseEnded = true
        append(&link.output)
        link.flushLater()
        releaseWhenEnded()
    }

    private func releaseWhenEnded() {
        guard hasInputEnded, responseEnded, let link else { return }
        self.link = nil
        handler = nil
        link.release(number)
    }

    // MARK: From the link

    func receivedBody(_ bytes: Span<UInt8>) {
        // The router learns from the response's end that nobody wants the rest.
        guard isTunnel ? !inputEnded : !responseEnded else { return }
        guard let handler else { return took(bytes.count) }
        handler.receivedBody(bytes, from: self)
    }

    func receivedEnd() {
        guard !hasInputEnded else { return }
        if isTunnel {
            // The first end is that of the request which became the tunnel.
            guard requestEnded else {
                requestEnded = true
                return
            }
            inputEnded = true
        }
        requestEnded = true
        if isTunnel || !responseEnded { handler?.receivedEnd(from: self) }
        releaseWhenEnded()
    }

    func receivedCredit(_ count: Int) {
        let hadNone = window == 0
        window += count
        if hadNone, !responseEnded, credit > 0 { handler?.receivedCredit(on: self) }
    }

    /// The link has room again.
    func linkDrained() {
        if hasWritten, isOpen, window > 0 { handler?.receivedCredit(on: self) }
    }

    /// The router gives the stream up; it waits for our end of it.
    func receivedReset(_ reason: ResetReason) {
        (requestEnded, inputEnded) = (true, true)
        let handler = handler
        guard isOpen else {
            releaseWhenEnded()
            if isTunnel { handler?.aborted(self, reason: reason) }
            return
        }
        endResponse { $0.append(reset: number, reason: reason) }
        handler?.aborted(self, reason: reason)
    }

    /// The link is gone.
    func abort(_ reason: ResetReason) {
        guard isOpen || isTunnel && !inputEnded else { return }
        link = nil
        let handler = handler
        self.handler = nil
        handler?.aborted(self, reason: reason)
    }
}
