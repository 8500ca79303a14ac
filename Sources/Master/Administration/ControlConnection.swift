import Administration
import Delegation
import EventLoop
import Platform

/// One administrator's connection: reads requests, one after the other, and writes what is answered.
///
/// While one is in work nothing more is read, so that a peer's haste costs it and nobody else.
final class ControlConnection: StreamHandler, TimerHandler {
    /// How long a peer may say nothing, or take nothing of what it is told. Unit: nanoseconds.
    private static let patience: UInt64 = 30_000_000_000
    /// So many lines that are no requests end the connection.
    private static let malformedLimit = 16

    private enum State {
        /// Whoever it is is being looked up.
        case admitting
        case reading
        /// A request is in work.
        case working
        /// Events go out, those that are there or for ever.
        case streaming(EventStream)
        /// What is written is the last.
        case closing
    }

    private let stream: BufferedStream
    let peer: PeerCredentials
    let caller: Caller
    /// Nil for one that is refused.
    var place: ControlPlaces.Kind?
    /// The server owns its connections.
    private unowned let server: ControlServer
    private var state = State.reading
    private var peerEnded = false
    private let timer = Timer()
    /// What waited to be written when the timer was started.
    private var outputBefore = 0
    /// Counts what moved since the timer was started.
    private var progress = 0
    /// How many lines were no requests.
    private var malformed = 0
    /// How many bytes of what waits are known to hold no line's end.
    private var searched = 0

    init(
        _ descriptor: consuming FileDescriptor, from peer: PeerCredentials, _ caller: Caller,
        at place: ControlPlaces.Kind?, of server: ControlServer
    ) throws(SystemError) {
        self.peer = peer
        self.caller = caller
        self.place = place
        self.server = server
        stream = BufferedStream(descriptor, on: server.loop)
        try stream.open(self)
        startTimer()
    }

    /// Reads nothing until `admit`.
    func hold() {
        state = .admitting
        stream.pause()
    }

    /// False where it has ended meanwhile.
    var isHeld: Bool { if case .admitting = state { stream.isOpen } else { false } }

    func admit() {
        state = .reading
        stream.resume()
        if peerEnded, stream.inputCount == 0 { stream.closeAfterOutput() }
    }

    /// Others may do what they could not, and the other way about: who follows asks again.
    func rosterChanged() {
        if case .streaming(let events) = state, events.follows, !server.isOwner(caller.user) { close() }
    }

    func modelChanged() {
        if case .streaming(let events) = state, events.follows, events.isFiltered { close() }
    }

    /// Says why, and ends the connection.
    func refuse(_ refusal: ControlRefusal) {
        state = .closing
        write(ControlAnswer.refused(refusal).line)
        stream.closeAfterOutput(lingering: true)
    }

    func close() {
        stream.close()
        ended()
    }

    private func ended() {
        if case .streaming(let events) = state { events.stop() }
        state = .closing
        server.loop.cancel(timer)
        server.closed(self)
    }

    // MARK: Requests

    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        progress += 1
        while case .reading = state, position < bytes.count, !stream.isCongested {
            let rest = bytes.extracting(droppingFirst: position)
            guard let end = (min(searched, rest.count)..<rest.count).first(where: { rest[$0] == UInt8(ascii: "\n") })
            else {
                searched = rest.count
                if rest.count > ControlRequest.maximumLength(of: rest) { refuseLength() }
                break
            }
            searched = 0
            position += end + 1
            guard end <= ControlRequest.maximumLength(of: rest) else {
                refuseLength()
                break
            }
            begin(rest.extracting(first: end))
        }
        // Whoever does not take the answers is not asked for more requests.
        if case .reading = state, stream.isCongested { stream.pause() }
        // Whoever follows has nothing more to say.
        if case .streaming(let events) = state, events.follows { return bytes.count }
        return position
    }

    private func refuseLength() {
        refuse(ControlRefusal(.malformed, "A request is longer than \(ControlRequest.maximumLength) bytes."))
    }

    private func begin(_ line: Span<UInt8>) {
        do throws(ControlRefusal) {
            let request = try ControlRequest(line: line.indices.map { line[$0] })
            state = .working
            stream.pause()
            if case .events(let since, let follows) = request.operation {
                return server.authorize(request.operation, of: self) { [weak self] outcome in
                    self?.begin(outcome, since: since, follows: follows)
                }
            }
            server.perform(request.operation, for: self) { [weak self] answer in self?.finish(answer) }
        } catch {
            malformed += 1
            guard malformed < Self.malformedLimit else { return refuse(error) }
            write(ControlAnswer.refused(error).line)
        }
    }

    private func finish(_ answer: ControlAnswer) {
        guard case .working = state else { return }
        write(answer.line)
        readOn()
    }

    private func readOn() {
        state = .reading
        guard !peerEnded else { return stream.closeAfterOutput() }
        if !stream.isCongested { stream.resume() }
    }

    private func write(_ line: String) {
        stream.output += line.utf8
        stream.output.append(UInt8(ascii: "\n"))
        stream.flushLater()
    }

    // MARK: Events

    private func begin(_ outcome: Result<Authority, ControlRefusal>, since: UInt64, follows: Bool) {
        guard case .working = state else { return }
        switch outcome {
        case .failure(let refusal): finish(.refused(refusal))
        case .success(let authority): send(since: since, follows: follows, to: authority)
        }
    }

    private func send(since: UInt64, follows: Bool, to authority: Authority) {
        write(ControlAnswer.done([]).line)
        if follows { stream.resume() }
        let events = EventStream(
            server.history, after: since, follows: follows, to: stream,
            telling: authority == .everything ? nil : authority.seesEvents(in: server.model)
        ) { [weak self] in
            guard let self else { return }
            write(ControlAnswer.end)
            readOn()
        }
        state = .streaming(events)
        events.pump()
    }

    func eventsChanged() {
        if case .streaming(let events) = state { events.pump() }
    }

    // MARK: The stream

    func receivedEnd(from stream: BufferedStream) {
        peerEnded = true
        switch state {
        case .reading: stream.closeAfterOutput()
        case .streaming(let events) where events.follows: close()
        case .admitting, .working, .streaming, .closing: break
        }
    }

    func failed(_ error: SystemError, on stream: BufferedStream) { ended() }

    func drained(_ stream: BufferedStream) {
        progress += 1
        eventsChanged()
        if case .reading = state, !stream.isCongested { stream.resume() }
    }

    func closed(_ stream: BufferedStream) { ended() }

    // MARK: Patience

    private func startTimer() {
        outputBefore = stream.outputCount
        progress = 0
        server.loop.start(timer, after: Self.patience, self)
    }

    func timerFired(_ timer: Timer) {
        let takes = stream.outputCount == 0 || stream.outputCount < outputBefore || progress > 0
        switch state {
        case .working: startTimer()
        case .streaming where takes: startTimer()
        case .reading where progress > 0 || stream.outputCount > 0 && takes: startTimer()
        case .reading where stream.outputCount == 0:
            refuse(ControlRefusal(.busy, "There was no request for 30 s."))
            startTimer()
        case .admitting, .reading, .streaming, .closing: close()
        }
    }
}
