internal import EventLoop
internal import Platform
internal import Wire

/// A router loop's end of its link to one worker process: many requests at once on one socket.
final class Link {
    /// How many bytes of a response's body a worker may send before the client takes some. Unit: bytes.
    static let window = 1 << 18
    private static let maximumStreams = 4096
    /// What many requests leave behind in a turn. Unit: bytes.
    private static let keptCapacity = 1 << 15

    private struct Slot {
        var exchange: Exchange?
        var generation: UInt16 = 0
    }

    let worker: UInt64
    let pool: Pool
    private unowned let router: RouterLoop
    private let stream: BufferedStream
    private let files: LinkFiles
    /// How often the worker said that responses hold no longer.
    private(set) var flushes = 0
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private(set) var inWork = 0
    /// Requests that this link was given.
    private(set) var begun: UInt64 = 0
    /// What the worker's hello said; nil before it came.
    private var hello: LinkHello?
    private(set) var isRetired = false
    /// New requests wait until it is known whether the link is to be closed.
    private var isPaused = false
    /// The worker asked for no more requests.
    private var isDraining = false
    /// The body frame that is arriving: whose it is and how much of it is missing.
    private var arriving: (exchange: Exchange, missing: Int)?

    /// The router loop owns its links.
    init(
        _ descriptor: consuming FileDescriptor, worker: UInt64, pool: Pool, router: RouterLoop
    ) throws(SystemError) {
        self.worker = worker
        self.pool = pool
        self.router = router
        stream = BufferedStream(descriptor, on: router.loop, passesDescriptors: true)
        stream.keptCapacity = Self.keptCapacity
        files = LinkFiles(router.files, of: pool.id, on: stream)
        try stream.open(self)
        LinkHello(
            window: UInt32(Self.window), maximumStreams: UInt32(Self.maximumStreams),
            maximumFiles: UInt32(LinkFiles.limit)
        ).append(to: &stream.output)
        stream.flushLater()
    }

    var takesRequests: Bool {
        guard let hello, !isRetired, !isDraining, !isPaused else { return false }
        return inWork < min(Self.maximumStreams, Int(hello.maximumStreams))
    }

    var output: [UInt8] {
        _read { yield stream.output }
        _modify { yield &stream.output }
    }

    func flushLater() { stream.flushLater() }

    /// Whether what its worker marks may be kept: only while it is the pool's only worker, since no worker knows what
    /// another has said of the same URL.
    var mayFillCache: Bool { stream.isOpen && !isRetired && !isDraining && pool.hasOneWorker }

    /// Gives the exchange a stream of this link. Only when `takesRequests`.
    func begin(_ exchange: Exchange) {
        if freeSlots.isEmpty {
            freeSlots.append(slots.count)
            slots.append(Slot())
        }
        let slot = freeSlots.removeLast()
        slots[slot].exchange = exchange
        // Generation 0 is never used, so no stream has the number 0.
        slots[slot].generation = max(1, slots[slot].generation &+ 1)
        inWork += 1
        begun += 1
        exchange.begin(
            on: self, stream: UInt32(slots[slot].generation) << 16 | UInt32(slot), window: Int(hello?.window ?? 0))
    }

    /// Takes no further request, and closes when the last one is answered.
    func retire() {
        guard !isRetired else { return }
        isRetired = true
        router.cache.flush(0, of: worker)
        stream.output.append(frame: .drain, stream: 0)
        stream.flushLater()
        closeWhenRetired()
    }

    /// Takes no request until `resume` or `retire`; answers whether none is in work.
    func pause() -> Bool {
        isPaused = true
        return inWork == 0
    }

    func resume() {
        isPaused = false
        pool.serve()
    }

    /// The worker's process ended: what it sent before is still read, and what it did not answer fails.
    func workerGone() {
        isRetired = true
        fail("")
    }

    private func closeWhenRetired() {
        if isRetired || isDraining, inWork == 0 { fail("") }
    }

    /// Ends the link; requests in work fail.
    private func fail(_ reason: String) {
        files.closeUntaken()
        stream.close()
        files.dropAll()
        let failed = slots.compactMap(\.exchange)
        slots = []
        arriving = nil
        router.ended(self, reason: reason)
        for exchange in failed { exchange.fail(.workerFailed) }
    }

    private func exchange(_ stream: UInt32) throws(LinkError) -> Exchange {
        let slot = Int(stream & 0xffff)
        guard slot < slots.count, slots[slot].generation == stream >> 16, let exchange = slots[slot].exchange else {
            throw LinkError("a frame of a request that nobody asked")
        }
        return exchange
    }

    /// The worker has ended its half of the exchange.
    private func release(_ stream: UInt32) {
        let slot = Int(stream & 0xffff)
        slots[slot].exchange = nil
        freeSlots.append(slot)
        inWork -= 1
    }
}

/// What a worker did that no worker does. The text is for the master's event.
struct LinkError: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

extension Link: StreamHandler {
    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        do {
            while position < bytes.count, stream.isOpen {
                let rest = bytes.extracting(droppingFirst: position)
                guard let taken = try receive(rest) else { break }
                position += taken
            }
        } catch let error as LinkError {
            fail(error.text)
        } catch {
            fail("\(error)")
        }
        return position
    }

    /// Takes one frame, or a part of a body; nil when more must arrive first.
    private func receive(_ bytes: Span<UInt8>) throws -> Int? {
        if let (exchange, missing) = arriving {
            let count = min(missing, bytes.count)
            arriving = missing == count ? nil : (exchange, missing - count)
            try exchange.receivedBody(bytes.extracting(first: count))
            return count
        }
        guard let frame = try Frame(bytes) else { return nil }
        if frame.kind == .responseBody {
            let exchange = try exchange(frame.stream)
            if frame.length > 0 { arriving = (exchange, frame.length) }
            return Frame.headerSize
        }
        let end = Frame.headerSize + frame.length
        guard bytes.count >= end else { return nil }
        try receive(frame, bytes.extracting(Frame.headerSize..<end))
        return end
    }

    private func receive(_ frame: Frame, _ payload: Span<UInt8>) throws {
        guard hello != nil || frame.kind == .hello else { throw LinkError("a frame came before hello") }
        switch frame.kind {
        case .hello:
            guard hello == nil else { throw LinkError("a second hello") }
            let hello = try LinkHello(decoding: payload)
            _ = try Versions.link.common(with: hello.versions)
            self.hello = hello
            pool.serve()
        case .responseHead: try exchange(frame.stream).receivedHead(ResponseHead(decoding: payload))
        case .responseEnd:
            let exchange = try exchange(frame.stream)
            guard try !exchange.endsHalf() else { return }
            release(frame.stream)
            try exchange.receivedEnd()
            afterRelease()
        case .reset:
            let exchange = try exchange(frame.stream)
            let reason = try Frame.resetReason(payload)
            release(frame.stream)
            if reason == .refused {
                isDraining = true
                pool.takeBack(exchange)
            } else {
                exchange.acknowledgeReset()
                if reason == .aborted { exchange.abort() } else { exchange.fail(.workerFailed) }
            }
            afterRelease()
        case .responseFile:
            let exchange = try exchange(frame.stream)
            let part = try FilePart(decoding: payload)
            try exchange.receivedFile(files.take(), part, of: files)
        case .responseKeptFile:
            let exchange = try exchange(frame.stream)
            let kept = try KeptFilePart(decoding: payload)
            try exchange.receivedFile(files.find(kept.number), kept.part, of: files)
        case .keepFile: try files.keep(Frame.fileNumber(payload))
        case .dropFile: try files.drop(Frame.fileNumber(payload))
        case .flush:
            flushes += 1
            router.cache.flush(try Frame.flushToken(payload), of: worker)
        case .window: try exchange(frame.stream).receivedCredit(Frame.credit(payload))
        case .drain:
            isDraining = true
            closeWhenRetired()
        case .ping:
            stream.output.append(pong: try Frame.pingValue(payload))
            stream.flushLater()
        case .pong: _ = try Frame.pingValue(payload)
        case .requestHead, .requestBody, .requestEnd, .responseBody, .filesDone:
            throw LinkError("a frame that only the router sends")
        }
    }

    /// Both halves of a tunnel have ended.
    func ended(_ stream: UInt32) {
        release(stream)
        afterRelease()
    }

    private func afterRelease() {
        closeWhenRetired()
        pool.serve()
    }

    func receivedEnd(from stream: BufferedStream) { fail("") }

    func failed(_ error: SystemError, on stream: BufferedStream) {
        // What was sent with more descriptors than one read takes, or than wait here at most.
        fail(error.call == "recvmsg" && error.code != 104 ? "descriptors nobody asked for" : "")
    }

    func drained(_ stream: BufferedStream) {}

    func closed(_ stream: BufferedStream) {}
}
