import EventLoop
import Platform
import Testing
import Wire
import Worker

/// A worker's link against a router that the test plays byte by byte.
struct WorkerLinkTests {
    final class Receiver: RequestReceiver {
        var streams: [WorkerStream] = []
        var reason: String?

        func began(_ head: RequestHead, on stream: WorkerStream) { streams.append(stream) }
        func ended(_ link: WorkerLink, reason: String) { self.reason = reason }
    }

    final class End {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    let loop: EventLoop
    let receiver = Receiver()
    let link: WorkerLink
    let router: End

    init() throws {
        loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        link = try WorkerLink(pair.one, on: loop, receiver: receiver)
        router = End(pair.other)
    }

    func send(_ bytes: [UInt8]) throws {
        _ = try router.descriptor.send(bytes.span)
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
    }

    static let hello: [UInt8] = {
        var bytes: [UInt8] = []
        LinkHello(window: 10, maximumStreams: 100).append(to: &bytes)
        return bytes
    }()

    static func head(_ stream: UInt32) -> [UInt8] {
        let text = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        let path = Array("/".utf8)
        let here = Endpoint(address: .any, port: 1)
        var bytes: [UInt8] = []
        let writer = RequestHeadWriter(
            into: &bytes, stream: stream,
            .init(
                version: .http11, scheme: .http, body: .none, siteID: 1, applicationPathLength: 0, remote: here,
                local: here), method: 0..<3, target: 4..<5, query: 5..<5, textLength: text.count, pathLength: 1)
        writer.end(into: &bytes, text: text.span, path: path.span)
        return bytes
    }

    static let faults: [(String, [UInt8])] = [
        ("a frame came before hello", head(0x10000)),
        ("a request on a stream that is in use", hello + head(9) + head(9)),
        ("a request on a stream that is in use", hello + head(0)),
        ("more requests at once than agreed", hello + head(0x1_1000)),
        ("a frame that only the worker sends", hello + [0, 0, 0, FrameKind.responseEnd.rawValue, 9, 0, 0, 0]),
        ("frame has an unknown kind", hello + [0, 0, 0, 99, 0, 0, 0, 0]),
        ("request head ends before its last field", hello + [0, 0, 0, FrameKind.requestHead.rawValue, 9, 0, 0, 0]),
    ]

    @Test(arguments: faults)
    func aRouterThatBreaksTheProtocolLosesTheLink(_ reason: String, _ bytes: [UInt8]) throws {
        try send(bytes)
        #expect(receiver.reason == reason)
    }

    @Test func framesOfAStreamThatHasEndedAreNoFault() throws {
        try send(Self.hello + Self.head(0x10001))
        receiver.streams[0].end()
        var late: [UInt8] = []
        late.append(frame: .requestEnd, stream: 0x10001)
        late.append(reset: 0x10001, reason: .clientGone)
        late.append(window: 0x10001, credit: 5)
        try send(late + Self.head(0x20001))
        #expect(receiver.streams.count == 2 && link.inWork == 1 && receiver.reason == nil)
    }

    @Test func writingBeyondTheCreditFailsTheResponse() throws {
        try send(Self.hello + Self.head(5))
        let stream = receiver.streams[0]
        #expect(stream.credit == 10)
        stream.begin(ResponseHead(status: 200))
        let bytes = [UInt8](repeating: 0, count: 11)
        stream.write(bytes.span)
        #expect(!stream.isOpen)
    }

    @Test func theEndOfTheRouterAbortsEverything() throws {
        try send(Self.hello + Self.head(5))
        var stopped: [UInt8] = []
        stopped.append(frame: .drain, stream: 0)
        try send(stopped)
        #expect(link.inWork == 1 && receiver.reason == nil)
        router.descriptor.shutDownOutput()
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        #expect(receiver.reason == "" && link.inWork == 0 && !receiver.streams[0].isOpen)
    }
}
