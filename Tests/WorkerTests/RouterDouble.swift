import EventLoop
import PipelineTesting
import Platform
import Wire

/// The router's end of a link: sends heads, gives credit, and keeps what comes back for each stream.
final class RouterDouble: StreamHandler {
    struct Answer {
        var head: ResponseHead?
        var body: [UInt8] = []
        var hasEnded = false
        var reset: ResetReason?
        var file: FilePart?
        var keptFile: KeptFilePart?

        var status: Int { Int(head?.status ?? 0) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private(set) var answers: [UInt32: Answer] = [:]
    /// What the worker said of responses that hold no longer, in order.
    private(set) var flushes: [UInt64] = []
    /// The numbers of the files that the router was told to keep, in order.
    private(set) var keptFiles: [UInt32] = []
    private(set) var droppedFiles: [UInt32] = []
    private var pings: [UInt64] = []
    /// What is left of bodies, and how much of it the worker takes for now.
    private var bodies: [UInt32: (rest: ArraySlice<UInt8>, credit: Int)] = [:]
    private var grants: [UInt32: Int] = [:]
    var answersPings = true
    private(set) var hasDrained = false
    private(set) var hasEnded = false
    private let stream: BufferedStream

    init(
        _ descriptor: consuming FileDescriptor, on loop: EventLoop, window: UInt32 = 1 << 16, maximumFiles: UInt32 = 0
    ) throws {
        stream = BufferedStream(descriptor, on: loop, passesDescriptors: true)
        try stream.open(self)
        LinkHello(window: window, maximumStreams: 1000, maximumFiles: maximumFiles).append(to: &stream.output)
        stream.flushLater()
    }

    func send(_ request: TestRequest, stream number: UInt32) {
        stream.output += request.frame(stream: number)
        stream.output.append(frame: .requestEnd, stream: number)
        stream.flushLater()
    }

    /// With a body that is sent as the worker takes it.
    func send(_ request: TestRequest, body: [UInt8], stream number: UInt32) {
        stream.output += request.frame(stream: number)
        bodies[number] = (body[...], 1 << 16)
        sendBody(number)
    }

    private func sendBody(_ number: UInt32) {
        guard var (rest, credit) = bodies[number] else { return }
        while credit > 0, !rest.isEmpty {
            let part = Array(rest.prefix(min(credit, Frame.maximumBody)))
            stream.output.append(frame: .requestBody, stream: number, body: part.span)
            rest = rest.dropFirst(part.count)
            credit -= part.count
        }
        bodies[number] = rest.isEmpty ? nil : (rest, credit)
        if rest.isEmpty { stream.output.append(frame: .requestEnd, stream: number) }
        stream.flushLater()
    }

    /// How many bytes of a body the worker has taken.
    func granted(stream number: UInt32) -> Int { grants[number] ?? 0 }

    func send(bytes: [UInt8], stream number: UInt32) {
        stream.output.append(frame: .requestBody, stream: number, body: bytes.span)
        stream.flushLater()
    }

    func sendEnd(stream number: UInt32) {
        stream.output.append(frame: .requestEnd, stream: number)
        stream.flushLater()
    }

    func grant(_ credit: UInt32, stream number: UInt32) {
        stream.output.append(window: number, credit: credit)
        stream.flushLater()
    }

    func reset(stream number: UInt32) {
        stream.output.append(reset: number, reason: .clientGone)
        stream.flushLater()
    }

    func close() { stream.close() }

    /// The oldest file that came along.
    func takeFile() -> FileDescriptor? { stream.descriptors.take() }

    var waitingFiles: Int { stream.descriptors.count }

    func answerPings() {
        for value in pings { stream.output.append(pong: value) }
        pings = []
        stream.flushLater()
    }

    func filesDone(_ count: UInt32) {
        stream.output.append(filesDone: count)
        stream.flushLater()
    }

    subscript(number: UInt32) -> Answer { answers[number] ?? Answer() }

    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        while let frame = try? Frame(bytes.extracting(droppingFirst: position)),
            bytes.count - position - Frame.headerSize >= frame.length
        {
            let start = position + Frame.headerSize
            position = start + frame.length
            receive(frame, bytes.extracting(start..<position))
        }
        return position
    }

    private func receive(_ frame: Frame, _ payload: Span<UInt8>) {
        switch frame.kind {
        case .responseHead: answers[frame.stream, default: Answer()].head = try? ResponseHead(decoding: payload)
        case .responseBody: answers[frame.stream, default: Answer()].body.append(copying: payload)
        case .responseEnd: answers[frame.stream, default: Answer()].hasEnded = true
        case .reset: answers[frame.stream, default: Answer()].reset = try? Frame.resetReason(payload)
        case .responseFile: answers[frame.stream, default: Answer()].file = try? FilePart(decoding: payload)
        case .responseKeptFile:
            answers[frame.stream, default: Answer()].keptFile = try? KeptFilePart(decoding: payload)
        case .keepFile: if let number = try? Frame.fileNumber(payload) { keptFiles.append(number) }
        case .dropFile: if let number = try? Frame.fileNumber(payload) { droppedFiles.append(number) }
        case .flush: if let token = try? Frame.flushToken(payload) { flushes.append(token) }
        case .ping:
            if let value = try? Frame.pingValue(payload) { pings.append(value) }
            if answersPings { answerPings() }
        case .window:
            guard let credit = try? Frame.credit(payload) else { return }
            grants[frame.stream, default: 0] += credit
            bodies[frame.stream]?.credit += credit
            sendBody(frame.stream)
        case .drain: hasDrained = true
        default: break
        }
    }

    func receivedEnd(from stream: BufferedStream) { hasEnded = true }
    func failed(_ error: SystemError, on stream: BufferedStream) { hasEnded = true }
    func drained(_ stream: BufferedStream) {}
    func closed(_ stream: BufferedStream) {}
}
