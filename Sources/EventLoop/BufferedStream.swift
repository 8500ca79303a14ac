public import Platform

/// Whoever a stream belongs to.
public protocol StreamHandler: AnyObject {
    /// Takes bytes that arrived and answers how many it is done with; the rest comes again, with what follows.
    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int
    /// The other end writes no more. The stream is still open for output.
    func receivedEnd(from stream: BufferedStream)
    /// The connection is broken, and closed already.
    func failed(_ error: SystemError, on stream: BufferedStream)
    /// Output that was above `highWaterMark` has gone out, down to a quarter of it.
    func drained(_ stream: BufferedStream)
    /// All output has gone out after `closeAfterOutput`, and the stream is closed.
    func closed(_ stream: BufferedStream)
}

/// Whoever says how fast a stream's output goes out.
public protocol OutputPacer: AnyObject {
    /// How many of `count` bytes may be written now. After 0 the pacer calls the stream's `flushLater` in its own time.
    func allowance(_ count: Int) -> Int
    func wrote(_ count: Int)
}

/// A connection on a loop: input is handed on as it comes, output gathers and is written at the end of the turn.
///
/// Back-pressure: `pause` stops reading (the kernel's buffer then fills, and the sender waits); `outputCount` and
/// `drained` tell when the other end takes less than is written. An idle stream holds no buffer.
public final class BufferedStream: ReadinessHandler, TurnHandler, TimerHandler {
    /// Output beyond this asks whoever writes to wait for `drained`. Unit: bytes.
    public static let highWaterMark = 1 << 17
    /// How much one stream may read in a turn before others have their turn. Unit: bytes.
    private static let fairShare = 1 << 18
    /// How much of an ended peer's last words is read at once: more than a socket holds. Unit: bytes.
    private static let lastShare = 1 << 24

    public let loop: EventLoop
    private var descriptor: FileDescriptor?
    /// Kept until the stream is closed.
    private var handler: (any StreamHandler)?

    /// What arrived and was not taken.
    private var input: [UInt8] = []
    /// Append to it what shall be sent, then call `flushLater`.
    public var output: [UInt8] = []
    private var written = 0
    /// How large the memory for output may be that stays when all is written. Unit: bytes.
    public var keptCapacity = 4096

    /// What follows the output: when all output is written, it is asked for more in each turn, within a fair share.
    /// Whoever sets it calls `flushLater`, and appends nothing to `output` until it has ended.
    public var source: (any OutputSource)?
    private var isListedForSource = false

    private let passesDescriptors: Bool
    /// Descriptors that arrived and were not taken; with more than a peer may send, the stream fails.
    public var descriptors = DescriptorQueue()
    /// Descriptors to send: each with the offset into `output` of the byte that it travels with.
    private var outgoing: [(offset: Int, descriptor: Int32)] = []
    /// Up to here in `output` the descriptors have travelled, ahead of their bytes where a write came short.
    private var carried = 0
    private static let maximumWaitingDescriptors = 64

    private var isReadable = false
    private var isWritable = true
    private var peerEnded = false
    private var endReported = false
    public private(set) var isPaused = false
    /// Whether what the other end wrote before it ended is taken though the stream is paused: for conversations whose
    /// last word counts.
    public var hearsLastWords = false
    private var isHearingLastWords = false
    /// Whether what the other end wrote is read to its end, when the reader wants it, though the connection is broken or
    /// takes no more: for answers that count though whoever gave them is gone. Otherwise a broken connection fails at once.
    public var readsToTheEnd = false
    /// Why nothing can be written any more, while there may be something to read.
    private var writeFailure: SystemError?
    private var isListed = false
    private var isListedForReading = false
    private var wasAboveMark = false
    /// Says how fast output goes out; nil: as fast as the other end takes it.
    public var pacer: (any OutputPacer)?
    /// How many bytes were written in all.
    public private(set) var sentCount: UInt64 = 0
    private var endsOutputWhenWritten = false
    private var closesWhenWritten = false
    private var lingers = false
    private var isLingering = false
    private let lingerTimer = Timer()
    /// Unit: nanoseconds.
    private static let lingerTime: UInt64 = 2_000_000_000

    /// Takes the descriptor, which is non-blocking; from a Unix socket descriptors may be received.
    public init(_ descriptor: consuming FileDescriptor, on loop: EventLoop, passesDescriptors: Bool = false) {
        self.loop = loop
        self.passesDescriptors = passesDescriptors
        self.descriptor = consume descriptor
    }

    /// Begins to read, and keeps `handler` until the stream is closed. Called once.
    public func open(_ handler: any StreamHandler) throws(SystemError) {
        guard let number = descriptor?.number else { throw SystemError("epoll_ctl", "a closed stream", code: 9) }
        try loop.register(number, self)
        self.handler = handler
    }

    deinit { for waiting in outgoing { _ = FileDescriptor(owning: waiting.descriptor) } }

    public var isOpen: Bool { descriptor != nil }

    /// How many bytes wait to be written.
    public var outputCount: Int { output.count - written }

    /// Whether something waits to be written: bytes, or a source.
    public var hasOutput: Bool { outputCount > 0 || source != nil }

    /// Whether more waits than should: `drained` will follow.
    public var isCongested: Bool { outputCount > Self.highWaterMark }

    /// How many bytes the other end of a TCP connection has acknowledged. A system call.
    public var deliveredCount: UInt64 { sentCount - UInt64(descriptor?.unacknowledgedCount() ?? 0) }

    /// Lists the stream for writing at the end of this turn.
    public func flushLater() {
        guard !isListed else { return }
        isListed = true
        loop.atEndOfTurn(self)
    }

    /// Appends bytes to the output and lists the stream.
    public func write(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
        flushLater()
    }

    /// Lets `descriptor` travel no later than the byte that is appended to `output` next. Only on a Unix socket.
    ///
    /// Descriptors arrive in their order, some with bytes in front of their own.
    public func send(_ descriptor: consuming FileDescriptor) {
        outgoing.append((output.count, descriptor.release()))
    }

    /// Stops reading. What has arrived stays where it is.
    public func pause() { if !isHearingLastWords { isPaused = true } }

    /// Reads again from the next turn on, where something waits, and first hands on again what was left untaken.
    public func resume() {
        isPaused = false
        if isReadable || !input.isEmpty { readLater() }
    }

    /// Takes all that has arrived, for the other end has ended: from now on a pause does not matter.
    public func hearLastWords() {
        guard descriptor != nil, !closesWhenWritten, !isHearingLastWords else { return }
        isHearingLastWords = true
        isPaused = false
        // An edge that tells of it may not have come yet.
        isReadable = true
        if !input.isEmpty { deliverInput() }
        read(Self.lastShare)
    }

    /// Whether nothing has come that was not taken, and the other end has not ended. A system call.
    public var isQuiet: Bool { input.isEmpty && !peerEnded && descriptor?.isQuiet() == true }

    /// How many bytes arrived and were not taken.
    public var inputCount: Int { input.count }

    /// Closes at once; what was not written is lost. The handler hears no more. `resetting` tells a TCP peer that the
    /// connection broke instead of that it ended.
    public func close(resetting: Bool = false) {
        guard let number = descriptor?.number else { return }
        if resetting { descriptor?.resetWhenClosed() }
        loop.unregister(number)
        loop.cancel(lingerTimer)
        descriptor = nil
        handler = nil
        source = nil
        pacer = nil
        input = []
        output = []
    }

    /// Ends this side's half when all output is written; input goes on. For raw streams, whose halves end apart.
    public func endAfterOutput() {
        endsOutputWhenWritten = true
        flushLater()
    }

    /// Lets a TCP connection whose other end vanished be noticed though nothing is sent. Unit: seconds.
    public func keepAlive(idle: Int32) { descriptor?.keepAlive(idle: idle) }

    /// Closes when all output is written; input is ignored from now on.
    ///
    /// `lingering` is for a peer that may still be sending: closing at once would reset the connection, and with it
    /// what was just written. The stream then says that it writes no more, and closes when the peer does, or after
    /// two seconds.
    public func closeAfterOutput(lingering: Bool = false) {
        closesWhenWritten = true
        lingers = lingering && !peerEnded
        isPaused = true
        flushLater()
    }

    // MARK: Reading

    public func ready(_ readiness: Readiness) {
        if readiness.contains(.writable), !isWritable {
            isWritable = true
            watchOutput(false)
            if hasOutput || closesWhenWritten { flushLater() }
        }
        guard !readiness.isDisjoint(with: [.readable, .ended]) else { return }
        isReadable = true
        if !readiness.isDisjoint(with: .ended) {
            peerEnded = true
            if hearsLastWords { hearLastWords() }
        }
        if !isPaused {
            read(Self.fairShare)
        } else if !readiness.isDisjoint(with: .broken), !readsToTheEnd {
            // Nobody reads, so this is how a connection that both ends gave up is noticed.
            fail(SystemError("epoll_wait", code: 104))
        }
    }

    /// Reads until the kernel has no more, the handler pauses, or others shall have their turn.
    private func read(_ share: Int) {
        var share = share
        while isReadable, !isPaused, !endReported, descriptor != nil {
            guard share > 0 else { return readLater() }
            let waiting = descriptors.count
            switch receive() {
            case .bytes(let count):
                share -= count
                // A short read has emptied the socket; the edge of what comes later comes later. Not so when an end
                // was announced already, which is still to be read, and where a read stopped behind a descriptor.
                if count < EventLoop.scratchSize, !peerEnded, descriptors.count == waiting { isReadable = false }
                deliver(count)
            case .wouldBlock:
                isReadable = false
            case .end:
                isReadable = false
                // Writing has told, in place of reading, that the connection was broken off.
                if let writeFailure, !writeFailure.isClosedPipe { return fail(writeFailure) }
                endReported = true
                guard !isLingering else { return finish() }
                handler?.receivedEnd(from: self)
            case nil: return
            }
        }
    }

    /// One read into the loop's scratch memory; nil when the stream failed.
    private func receive() -> Transfer? {
        do throws(SystemError) {
            guard passesDescriptors else { return try unsafe descriptor!.receive(into: loop.scratch) }  // Open here.
            let transfer = try unsafe descriptor!.receive(into: loop.scratch, descriptors: &descriptors)
            guard descriptors.count <= Self.maximumWaitingDescriptors else {
                throw SystemError("recvmsg", "descriptors nobody asked for", code: 7)
            }
            return transfer
        } catch {
            fail(error)
            return nil
        }
    }

    /// Hands `count` bytes of the scratch memory on, behind what was left.
    private func deliver(_ count: Int) {
        guard !isLingering, let handler else { return }
        // The scratch memory belongs to this call until the next read.
        let fresh = unsafe Span<UInt8>(_unsafeElements: loop.scratch.prefix(count).bindMemory(to: UInt8.self))
        guard input.isEmpty else {
            unsafe fresh.withUnsafeBufferPointer { unsafe input.append(contentsOf: $0) }
            return deliverInput()
        }
        let taken = handler.received(fresh, from: self)
        guard taken < count, descriptor != nil else { return }
        let rest = fresh.extracting(droppingFirst: taken)
        unsafe rest.withUnsafeBufferPointer { unsafe input.append(contentsOf: $0) }
    }

    private func deliverInput() {
        guard let handler else { return }
        let bytes = input
        let taken = handler.received(bytes.span, from: self)
        guard descriptor != nil, taken > 0 else { return }
        input = taken == bytes.count ? [] : Array(bytes[taken...])
    }

    private func readLater() {
        guard !isListedForReading else { return }
        isListedForReading = true
        loop.inNextTurn(self)
    }

    // MARK: Writing

    public func turnEnded() {
        if isListedForReading {
            isListedForReading = false
            guard !isPaused, descriptor != nil else { return }
            if !input.isEmpty { deliverInput() }
            read(Self.fairShare)
        }
        isListed = false
        isListedForSource = false
        flush()
    }

    private func watchOutput(_ isWatched: Bool) {
        if let number = descriptor?.number { loop.watchOutput(number, isWatched) }
    }

    private func flush() {
        if outputCount > Self.highWaterMark { wasAboveMark = true }
        while isWritable, outputCount > 0, descriptor != nil {
            let allowance = pacer?.allowance(outputCount) ?? .max
            guard allowance > 0 else { break }
            do throws(SystemError) {
                switch try send(atMost: allowance) {
                case .bytes(let count):
                    written += count
                    sentCount += UInt64(count)
                    pacer?.wrote(count)
                default:
                    isWritable = false
                    watchOutput(true)
                }
            } catch {
                guard readsOn(after: error) else { return fail(error) }
                written = output.count
            }
        }
        guard descriptor != nil else { return }
        if outputCount == 0 {
            (written, carried) = (0, 0)
            // What has grown large is given back; a small buffer stays for the next answer.
            output.removeAll(keepingCapacity: output.capacity <= keptCapacity)
            if source != nil { return sendSource() }
            if closesWhenWritten { return lingers ? linger() : finish() }
            if endsOutputWhenWritten {
                endsOutputWhenWritten = false
                descriptor?.shutDownOutput()
            }
        } else if written > Self.highWaterMark, written >= outputCount {
            // Moving no more than was written keeps a long output from being moved again and again.
            output.removeFirst(written)
            for index in outgoing.indices { outgoing[index].offset -= written }
            carried = max(0, carried - written)
            written = 0
        }
        if wasAboveMark, outputCount <= Self.highWaterMark / 4 {
            wasAboveMark = false
            handler?.drained(self)
        }
    }

    /// Lets the source write until the kernel takes no more, the source waits or has ended, or others shall have their
    /// turn.
    private func sendSource() {
        var share = Self.fairShare
        while isWritable, descriptor != nil, let source {
            guard share > 0 else {
                if !isListedForSource { loop.inNextTurn(self) }
                isListedForSource = true
                return
            }
            let allowance = pacer?.allowance(share) ?? share
            guard allowance > 0 else { return }
            do throws(SystemError) {
                switch try source.send(to: descriptor!, limit: allowance) {  // Open here.
                case .bytes(let count):
                    share -= count
                    sentCount += UInt64(count)
                    pacer?.wrote(count)
                case .wouldBlock:
                    isWritable = false
                    watchOutput(true)
                case .waits: return
                case .end:
                    self.source = nil
                    return source.ended(on: self)
                }
            } catch {
                return fail(error)
            }
        }
    }

    /// One write: with as many descriptors as one may have, up to the byte of the next one.
    private func send(atMost limit: Int) throws(SystemError) -> Transfer {
        let output = output
        guard !outgoing.isEmpty else {
            // Open while flushing.
            return try descriptor!.send(
                output.span.extracting(droppingFirst: written).extracting(first: limit), more: source != nil)
        }
        // The other end holds a bounded number of descriptors whose bytes have not come.
        guard written >= carried else { return try descriptor!.send(output.span.extracting(written..<carried)) }
        let accompanying = outgoing.prefix(FileDescriptor.maximumDescriptorsPerSend).map(\.descriptor)
        let end = accompanying.count < outgoing.count ? outgoing[accompanying.count].offset : output.count
        let transfer = try descriptor!.send(
            output.span.extracting(written..<end), descriptors: accompanying.span)
        if case .bytes(let count) = transfer, count > 0 {
            for number in accompanying { _ = FileDescriptor(owning: number) }
            outgoing.removeFirst(accompanying.count)
            carried = end
        }
        return transfer
    }

    /// Whether a stream that cannot be written to goes on as one that is only read, and drops its output.
    private func readsOn(after error: SystemError) -> Bool {
        guard readsToTheEnd, !endReported, !closesWhenWritten, error.isClosedPipe || error.isReset else { return false }
        writeFailure = writeFailure ?? error
        // An edge that tells of what there is may not have come yet.
        isReadable = true
        if !isPaused { readLater() }
        return true
    }

    // MARK: Ending

    private func fail(_ error: SystemError) {
        // What cannot be written to any more may still have said something.
        if hearsLastWords { hearLastWords() }
        let handler = handler
        close()
        handler?.failed(error, on: self)
    }

    private func linger() {
        guard !isLingering else { return }
        isLingering = true
        input = []
        descriptor?.shutDownOutput()
        loop.start(lingerTimer, after: Self.lingerTime, self)
        isPaused = false
        readLater()
    }

    public func timerFired(_ timer: Timer) { finish() }

    private func finish() {
        let handler = handler
        close()
        handler?.closed(self)
    }
}

extension SystemError {
    /// The other end reads no more; what it wrote before it ended is whole (`EPIPE`).
    fileprivate var isClosedPipe: Bool { code == 32 }
    /// The connection was broken off (`ECONNRESET`).
    fileprivate var isReset: Bool { code == 104 }
}
