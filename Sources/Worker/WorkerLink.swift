//  The worker's end of a link to the router.
//
//      let link = try WorkerLink(descriptor, on: loop, receiver: receiver)
//
//  For every request the receiver hears `began(head, on: stream)`. It answers through the stream, at once or later:
//
//      stream.begin(ResponseHead(status: 200, contentLength: 14))   // once; informational heads may precede it
//      stream.write(bytes.span)                                     // as often as needed, at most `stream.credit`
//      stream.end()                                                 // or `stream.fail()`
//
//  A receiver that wants the request's body, or must know when credit comes and when the client goes, sets
//  `stream.handler`. Body bytes are its business until it says `stream.took(count)`, which lets as many more come; without
//  a handler the body is dropped. A client that sent `Expect: 100-continue` is asked for its body by `stream.wantBody()`.
//  Where `stream.canBecomeTunnel`, a head of status 101 with `Upgrade` begins a tunnel: `write` and `receivedBody` carry
//  raw bytes, `end` and `receivedEnd` are the ends of the two halves. After `end`, `fail` or `aborted` a stream does
//  nothing more. Everything that is written in a turn of the loop goes out in one system call at its end.

public import EventLoop
public import Platform
public import Wire

/// Whoever answers the requests of a link.
public protocol RequestReceiver: AnyObject {
    func began(_ head: RequestHead, on stream: WorkerStream)
    /// The router is gone, or broke the protocol (`reason` says how; empty otherwise). Streams were aborted before.
    func ended(_ link: WorkerLink, reason: String)
}

/// Whoever wants to hear about a request after its head.
public protocol WorkerStreamHandler: AnyObject {
    /// Bytes of the request's body.
    func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream)
    /// The request is complete.
    func receivedEnd(from stream: WorkerStream)
    /// `credit` was 0 and is not any more.
    func receivedCredit(on stream: WorkerStream)
    /// The client or the router is gone; what is written from now on goes nowhere.
    func aborted(_ stream: WorkerStream, reason: ResetReason)
}

public final class WorkerLink {
    /// How many bytes of a request's body come before the receiver took some. Unit: bytes.
    static let window = 1 << 16
    static let maximumStreams = 4096
    /// What many requests leave behind in a turn. Unit: bytes.
    static let keptCapacity = 1 << 15
    /// What every answer may write though the link is full. Unit: bytes.
    static let shortAnswer = 4096

    private let loop: EventLoop
    private let stream: BufferedStream
    private var receiver: (any RequestReceiver)?
    /// By the slot in a stream's number.
    private var streams: [WorkerStream?] = []
    /// How many requests are in work.
    public private(set) var inWork = 0
    private var hello: LinkHello?
    /// How many files the router takes for now.
    private var filesLeft = 0
    private var kept = KeptFiles(limit: 0)
    /// Runs while files are kept.
    private let keptTimer = Timer()
    /// What waits for the router's word that it has read this far, oldest first.
    private var confirmations: [() -> Void] = []
    /// The slot whose turn it is when a full link has room again.
    private var turn = 0

    /// Takes the worker's end of the link, a non-blocking Unix stream socket.
    public init(
        _ descriptor: consuming FileDescriptor, on loop: EventLoop, receiver: any RequestReceiver
    ) throws(SystemError) {
        self.receiver = receiver
        self.loop = loop
        stream = BufferedStream(descriptor, on: loop)
        stream.keptCapacity = Self.keptCapacity
        try stream.open(self)
        LinkHello(window: UInt32(Self.window), maximumStreams: UInt32(Self.maximumStreams)).append(to: &stream.output)
        stream.flushLater()
    }

    /// Asks the router for no further requests; those that are on their way still come.
    public func drain() {
        output.append(frame: .drain, stream: 0)
        stream.flushLater()
    }

    /// Who hears of the requests in work.
    var handlers: [any WorkerStreamHandler] { streams.compactMap { $0?.isOpen == true ? $0?.handler : nil } }

    /// Where the streams write.
    var output: [UInt8] {
        _read { yield stream.output }
        _modify { yield &stream.output }
    }

    func flushLater() { stream.flushLater() }

    /// Hands a file over as the body of a stream's response; the file comes back where the router takes none for now.
    ///
    /// - Parameter stamp: the state of a file that may be sent again; nil where it will not be.
    func send(_ file: consuming FileDescriptor, _ stamp: FileStamp?, _ part: FilePart, on stream: UInt32)
        -> FileDescriptor?
    {
        guard filesLeft > 0 else { return file }
        filesLeft -= 1
        let place = stamp.flatMap { kept.admit($0, now: loop.now) }
        if let place, place.isReplacement { output.append(dropFile: place.number) }
        self.stream.send(file)
        if let place {
            output.append(keepFile: place.number)
            KeptFilePart(number: place.number, part: part).append(to: &output, stream: stream)
            if !keptTimer.isRunning { loop.start(keptTimer, after: KeptFiles.idleTime / 2, self) }
        } else {
            part.append(to: &output, stream: stream)
        }
        flushLater()
        return nil
    }

    func keeps(_ stamp: FileStamp) -> Bool { kept.contains(stamp) }

    /// Sends a part of a file that the router keeps, as the body of a stream's response; false where it does not.
    func sendKept(_ stamp: FileStamp, _ part: FilePart, on stream: UInt32) -> Bool {
        guard let number = kept.use(stamp, now: loop.now) else { return false }
        KeptFilePart(number: number, part: part).append(to: &output, stream: stream)
        flushLater()
        return true
    }

    /// Tells the router that responses with this mark hold no longer; 0 stands for all.
    public func flush(_ token: UInt64) {
        output.append(flush: token)
        flushLater()
    }

    /// Calls `confirmed` when the router has read what was sent before, or the link is gone.
    public func confirm(_ confirmed: @escaping () -> Void) {
        confirmations.append(confirmed)
        output.append(ping: 0)
        flushLater()
    }

    /// Whether more waits to be sent than should.
    var isFull: Bool { stream.isCongested }

    /// Both halves of the stream have ended.
    func release(_ number: UInt32) {
        streams[Int(number & 0xffff)] = nil
        inWork -= 1
    }

    /// Closes the link; streams in work are aborted.
    private func fail(_ reason: String) {
        stream.close()
        loop.cancel(keptTimer)
        let aborted = streams.compactMap(\.self)
        streams = []
        inWork = 0
        for each in aborted { each.abort(.clientGone) }
        let confirmed = confirmations
        confirmations = []
        for each in confirmed { each() }
        let receiver = receiver
        self.receiver = nil
        receiver?.ended(self, reason: reason)
    }
}

extension WorkerLink: StreamHandler {
    public func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        do throws(WireError) {
            while stream.isOpen, let frame = try Frame(bytes.extracting(droppingFirst: position)) {
                let start = position + Frame.headerSize
                guard bytes.count - start >= frame.length else { break }
                position = start + frame.length
                if let problem = try receive(frame, bytes.extracting(start..<position)) {
                    fail(problem)
                }
            }
        } catch {
            fail(error.description)
        }
        return position
    }

    /// Answers what is wrong with the frame, if anything.
    private func receive(_ frame: Frame, _ payload: Span<UInt8>) throws(WireError) -> String? {
        switch frame.kind {
        case .hello:
            let hello = try LinkHello(decoding: payload)
            _ = try Versions.link.common(with: hello.versions)
            self.hello = hello
            filesLeft = Int(hello.maximumFiles)
            // At least as many are left for those that are sent once.
            kept = KeptFiles(limit: min(KeptFiles.limit, filesLeft / 2))
        case .requestHead: return begin(frame.stream, try RequestHead(decoding: payload))
        case .requestBody: find(frame.stream)?.receivedBody(payload)
        case .requestEnd: find(frame.stream)?.receivedEnd()
        case .reset: find(frame.stream)?.receivedReset(try Frame.resetReason(payload))
        case .window: find(frame.stream)?.receivedCredit(try Frame.credit(payload))
        case .filesDone: filesLeft = min(filesLeft + (try Frame.fileCount(payload)), Int(hello?.maximumFiles ?? 0))
        case .drain: break
        case .ping:
            output.append(pong: try Frame.pingValue(payload))
            flushLater()
        case .pong:
            _ = try Frame.pingValue(payload)
            if !confirmations.isEmpty { confirmations.removeFirst()() }
        case .responseHead, .responseBody, .responseEnd, .responseFile, .flush, .keepFile, .responseKeptFile,
            .dropFile:
            return "a frame that only the worker sends"
        }
        return nil
    }

    private func begin(_ number: UInt32, _ head: RequestHead) -> String? {
        guard let hello else { return "a frame came before hello" }
        let slot = Int(number & 0xffff)
        guard slot < Self.maximumStreams else { return "more requests at once than agreed" }
        while streams.count <= slot { streams.append(nil) }
        guard streams[slot] == nil, number != 0 else { return "a request on a stream that is in use" }
        let new = WorkerStream(self, number, credit: Int(hello.window), traits: head.traits)
        streams[slot] = new
        inWork += 1
        receiver?.began(head, on: new)
        return nil
    }

    /// The stream of that number; nil when we have ended it, which the router may not know yet.
    private func find(_ number: UInt32) -> WorkerStream? {
        let slot = Int(number & 0xffff)
        guard slot < streams.count, let stream = streams[slot], stream.number == number else { return nil }
        return stream
    }

    public func receivedEnd(from stream: BufferedStream) { fail("") }

    public func failed(_ error: SystemError, on stream: BufferedStream) { fail("") }

    /// Streams go on in turn until the link is full again.
    public func drained(_ stream: BufferedStream) {
        for _ in 0..<streams.count {
            guard !isFull, !streams.isEmpty else { return }
            turn = (turn + 1) % streams.count
            streams[turn]?.linkDrained()
        }
    }

    public func closed(_ stream: BufferedStream) {}
}

extension WorkerLink: TimerHandler {
    public func timerFired(_ timer: Timer) {
        for number in kept.dropIdle(now: loop.now) {
            output.append(dropFile: number)
            flushLater()
        }
        if !kept.isEmpty { loop.start(keptTimer, after: KeptFiles.idleTime / 2, self) }
    }
}
