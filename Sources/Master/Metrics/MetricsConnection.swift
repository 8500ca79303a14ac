import Administration
import EventLoop
import HTTP1
import Platform

/// One scrape: reads a request's head, answers it, and ends.
final class MetricsConnection: StreamHandler, TimerHandler {
    /// How long the head may take, and how long the peer may take nothing of its answer. Unit: nanoseconds.
    private static let patience: UInt64 = 10_000_000_000

    private enum State {
        case reading
        /// Metrics are being gathered.
        case working
        /// What is written is the last.
        case closing
    }

    private let stream: BufferedStream
    /// The server owns its connections.
    private unowned let server: MetricsServer
    private var state = State.reading
    private var parser = RequestParser()
    private var request = ParsedRequest()
    private let timer = Timer()
    /// What waited to be written when the timer was started.
    private var outputBefore = 0

    init(_ descriptor: consuming FileDescriptor, of server: MetricsServer) throws(SystemError) {
        self.server = server
        stream = BufferedStream(descriptor, on: server.loop)
        try stream.open(self)
        server.loop.start(timer, after: Self.patience, self)
    }

    /// Whether the peer has not said yet what it wants.
    var isReading: Bool { if case .reading = state { true } else { false } }

    /// Whether its answer is made, and the peer has not ended the conversation.
    var isClosing: Bool { if case .closing = state { true } else { false } }

    func close() {
        stream.close()
        ended()
    }

    private func ended() {
        state = .closing
        server.loop.cancel(timer)
        server.closed(self)
    }

    // MARK: The request

    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        guard isReading else { return bytes.count }
        do throws(RequestError) {
            guard try parser.parse(bytes, into: &request) else { return 0 }
            answer(MetricsRequest(bytes, request))
        } catch {
            answer(.refused(.badRequest))
        }
        return bytes.count
    }

    private func answer(_ wanted: MetricsRequest) {
        switch wanted {
        case .refused(let refusal): finish(refusal.answer)
        case .metrics(let withBody):
            state = .working
            server.answer { [weak self] answer in
                guard let self, case .working = state else { return }
                finish(withBody ? answer.whole : answer.head)
            }
        }
    }

    private func finish(_ answer: [UInt8]) {
        state = .closing
        stream.output = answer
        stream.closeAfterOutput(lingering: true)
        startTimer()
    }

    // MARK: The stream

    func receivedEnd(from stream: BufferedStream) { if isReading { close() } }

    func failed(_ error: SystemError, on stream: BufferedStream) { ended() }

    func drained(_ stream: BufferedStream) {}

    func closed(_ stream: BufferedStream) { ended() }

    // MARK: Patience

    private func startTimer() {
        outputBefore = stream.outputCount
        server.loop.start(timer, after: Self.patience, self)
    }

    func timerFired(_ timer: Timer) {
        switch state {
        case .working: startTimer()
        case .closing where stream.outputCount < outputBefore: startTimer()
        case .reading, .closing: close()
        }
    }
}
