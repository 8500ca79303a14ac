import Control
import EventLoop
import Platform
import Synchronization
import TestSupport
import Testing
import Wire
import Worker

@testable import Router

/// Runs a test with a router of one loop, and with one of three.
struct LoopCounts: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for count in [1, 3] { try await Plane.$loopCount.withValue(count) { try await function() } }
    }
}

extension Trait where Self == LoopCounts {
    static var loopCounts: Self { LoopCounts() }
}

/// A router with its master, workers and clients, over real sockets. All its loops are turned by the test, one after the
/// other; master, workers and clients are on the main loop.
final class Plane: ControlHandler {
    /// The time of the loop and of day, which stands still unless a test moves it. Unit: nanoseconds.
    final class Clock: Sendable {
        let time = Mutex<UInt64>(1_000_000_000_000)
    }

    /// How many loops a new plane's router has.
    @TaskLocal static var loopCount = 1

    let clock = Clock()
    let loop: EventLoop
    private var otherLoops: [EventLoop] = []
    private var otherRouterLoops: [RouterLoop] = []
    private var router: Router?
    /// How many links each worker has.
    let linkCount = Plane.loopCount
    let port: UInt16
    private(set) var master: ControlChannel?
    private(set) var messages: [ControlMessage] = []
    private(set) var hasEnded = false
    /// What the master does about a log file that is wanted.
    var onLogWanted: (LogFileRequest, ControlChannel) -> Void = { _, _ in }

    init(_ table: (UInt16) -> RouteTable) throws {
        let clock = clock
        loop = try EventLoop(clock: { clock.time.withLock { $0 } })
        let wallClock: @Sendable () -> Int64 = { clock.time.withLock { Int64($0 / 1_000_000_000) } }
        for _ in 1..<linkCount {
            let other = try EventLoop(clock: { clock.time.withLock { $0 } })
            let routerLoop = RouterLoop(on: other, shell: .other(loop.remote), wallClock: wallClock)
            other.resident = routerLoop
            otherLoops.append(other)
            otherRouterLoops.append(routerLoop)
        }
        let pair = try FileDescriptor.streamPair()
        let listening = try FileDescriptor.listening(at: .loopback(port: 0))
        let address = try listening.localAddress()
        port = address.port
        let folder = try TemporaryFolder()
        router = try Router(
            control: pair.one,
            rendezvous: FileDescriptor.bound(to: "router", in: FileDescriptor.folder(folder.path)), on: loop,
            beside: otherLoops.map(\.remote), wallClock: wallClock)
        master = try ControlChannel(pair.other, on: loop, role: .master, handler: self)
        let endpoint = Endpoint(address: IPAddress(high: address.high, low: address.low), port: port)
        master?.send(.listen(endpoint), descriptor: listening)
        master?.send(.routes(table(port)))
        turn { messages.contains(.ready) }
    }

    /// One site without a host name and one pool, number 1.
    convenience init(queueLength: UInt32 = 10, state: RouteTable.PoolState = .started) throws {
        try self.init { port in
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: queueLength, state: state)],
                sites: [
                    RouteTable.Site(
                        id: 7, name: "s", bindings: [RouteTable.Binding(port: port)],
                        applications: [RouteTable.Application(path: "/", pool: 1)])
                ])
        }
    }

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        messages.append(message)
        if case .logWanted(let request) = message { onLogWanted(request, channel) }
    }

    func ended(_ channel: ControlChannel, reason: String) {
        master = nil
        hasEnded = true
    }

    /// Turns the loop until the condition holds, or nothing happens for a while.
    func turn(_ condition: () -> Bool) {
        var turns = 0
        while !condition(), turns < 2000 {
            turnOnce(maximumWait: turns < 100 ? 1 : 0)
            turns += 1
        }
        #expect(condition())
    }

    /// One turn of every loop.
    func turnOnce(maximumWait: Int32) {
        loop.turn(maximumWait: maximumWait)
        for other in otherLoops { other.turn(maximumWait: 0) }
    }

    /// Lets everything happen that can.
    func settle() { for _ in 0..<20 { turnOnce(maximumWait: 0) } }

    func moveClock(seconds: UInt64) {
        settle()
        clock.time.withLock { $0 += seconds * 1_000_000_000 }
        settle()
    }

    /// Two seconds, in which lines go from their loop to the main one and from there to their file.
    func waitForLogs() {
        for milliseconds: UInt64 in [500, 1500] {
            settle()
            clock.time.withLock { $0 += milliseconds * 1_000_000 }
        }
        settle()
    }

    func client() throws -> Client { try Client(port: port, loop) }

    /// A worker on links of its own.
    func worker(_ number: UInt64 = 1, answer: @escaping (RequestHead, WorkerStream) -> Void) throws -> TestWorker {
        let worker = TestWorker(answer)
        for _ in 0..<linkCount {
            let pair = try FileDescriptor.streamPair()
            worker.links.append(try WorkerLink(pair.other, on: loop, receiver: worker))
            master?.send(.linkReady(pool: 1, worker: number), descriptor: pair.one)
        }
        settle()
        return worker
    }

    /// A worker's ends of its links as bare streams, for frames that no worker sends.
    func rawWorker(_ number: UInt64 = 1) throws -> Client {
        let client = Client(loop)
        var hello: [UInt8] = []
        LinkHello(window: 65536, maximumStreams: 100).append(to: &hello)
        for _ in 0..<linkCount {
            let pair = try FileDescriptor.streamPair()
            master?.send(.linkReady(pool: 1, worker: number), descriptor: pair.one)
            try client.open(pair.other)
            client.send(hello)
        }
        settle()
        return client
    }
}

/// A client: what it received, and whether the connection is over. With several streams it writes to the one that it
/// opened or heard of last.
final class Client: StreamHandler {
    private let loop: EventLoop
    private var streams: [BufferedStream] = []
    private(set) var stream: BufferedStream?
    var received: [UInt8] = []
    private(set) var hasEnded = false

    init(_ loop: EventLoop) { self.loop = loop }

    convenience init(port: UInt16, _ loop: EventLoop) throws {
        self.init(loop)
        try open(.connected(to: .loopback(port: port)))
    }

    func open(_ descriptor: consuming FileDescriptor) throws {
        let stream = BufferedStream(descriptor, on: loop)
        try stream.open(self)
        streams.append(stream)
        self.stream = stream
    }

    var text: String { String(decoding: received, as: UTF8.self) }

    /// Where the body of the first answer begins; nil while its head is not whole.
    private var bodyStart: Int? {
        let head = received.prefix(1000)
        return head.indices.first { head[$0...].starts(with: [13, 10, 13, 10]) }.map { $0 + 4 }
    }

    /// What came behind the first answer's head.
    var body: ArraySlice<UInt8> { bodyStart.map { received[$0...] } ?? [] }
    var bodyCount: Int { bodyStart.map { received.count - $0 } ?? 0 }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) { stream?.write(bytes.span) }

    func get(_ target: String, host: String = "h") { send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n") }

    func close() { for stream in streams { stream.close() } }

    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        self.stream = stream
        received.append(copying: bytes)
        return bytes.count
    }

    func receivedEnd(from stream: BufferedStream) { hasEnded = true }
    func failed(_ error: SystemError, on stream: BufferedStream) { hasEnded = true }
    func drained(_ stream: BufferedStream) {}
    func closed(_ stream: BufferedStream) { hasEnded = true }
}

/// A worker that does what a test says, and remembers what it was asked.
final class TestWorker: RequestReceiver, WorkerStreamHandler {
    let answer: (RequestHead, WorkerStream) -> Void
    var links: [WorkerLink] = []
    var heads: [RequestHead] = []
    var streams: [WorkerStream] = []
    var body: [UInt8] = []
    var untaken = 0
    /// Whether body bytes are taken as they come.
    var takesBody = true
    /// Whether the answer comes when the request's body is there.
    var answersWholeRequests = false
    var endedRequests = 0
    var aborts: [ResetReason] = []
    private var endedLinks = 0
    var onCredit: (WorkerStream) -> Void = { _ in }

    init(_ answer: @escaping (RequestHead, WorkerStream) -> Void) { self.answer = answer }

    func began(_ head: RequestHead, on stream: WorkerStream) {
        heads.append(head)
        streams.append(stream)
        stream.handler = self
        if !answersWholeRequests { answer(head, stream) }
    }

    func ended(_ link: WorkerLink, reason: String) { endedLinks += 1 }

    /// Whether every link is gone.
    var hasEnded: Bool { endedLinks == links.count }

    /// How many requests are in work.
    var inWork: Int { links.reduce(0) { $0 + $1.inWork } }

    func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) {
        body.append(copying: bytes)
        if takesBody { stream.took(bytes.count) } else { untaken += bytes.count }
    }

    func receivedEnd(from stream: WorkerStream) {
        endedRequests += 1
        if answersWholeRequests, let index = streams.firstIndex(where: { $0 === stream }) {
            answer(heads[index], stream)
        }
    }
    func receivedCredit(on stream: WorkerStream) { onCredit(stream) }
    func aborted(_ stream: WorkerStream, reason: ResetReason) { aborts.append(reason) }
}

extension WorkerStream {
    /// A whole response.
    func respond(_ text: String, status: UInt16 = 200, hasLength: Bool = true) {
        let body = Array(text.utf8)
        begin(ResponseHead(status: status, contentLength: hasLength ? UInt64(body.count) : nil))
        write(body.span)
        end()
    }
}

func string(_ span: Span<UInt8>) -> String { String(decoding: [UInt8](copying: span), as: UTF8.self) }
