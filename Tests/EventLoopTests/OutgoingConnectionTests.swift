import EventLoop
import Platform
import Testing

/// Connections that nobody waits for.
struct OutgoingConnectionTests {
    final class Side: StreamHandler {
        var received = 0
        var failure: SystemError?

        func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
            received += bytes.count
            return bytes.count
        }

        func receivedEnd(from stream: BufferedStream) {}
        func failed(_ error: SystemError, on stream: BufferedStream) { failure = error }
        func drained(_ stream: BufferedStream) {}
        func closed(_ stream: BufferedStream) {}
    }

    func turn(_ loop: EventLoop, until condition: () -> Bool) {
        for _ in 0..<1000 where !condition() { loop.turn(maximumWait: 5) }
        #expect(condition())
    }

    @Test func whatIsWrittenBeforeTheConnectionStandsGoesOutThen() throws {
        let loop = try EventLoop()
        let listener = try FileDescriptor.listening(at: .loopback(port: 0))
        let side = Side()
        let stream = BufferedStream(
            try .connecting(to: .loopback(port: try listener.localAddress().port)), on: loop)
        try stream.open(side)
        let hello = Array("hello".utf8)
        stream.write(hello.span)
        turn(loop) { stream.outputCount == 0 }
        var remote = SocketAddress.any(port: 0)
        let other = Side()
        var accepted: BufferedStream?
        turn(loop) {
            if let connection = try? listener.accept(&remote) { accepted = BufferedStream(connection, on: loop) }
            return accepted != nil
        }
        #expect(stream.isQuiet)
        try accepted?.open(other)
        turn(loop) { other.received == 5 }
        accepted?.write(hello.span)
        turn(loop) { side.received == 5 }
        accepted?.close()
        turn(loop) { !stream.isQuiet }
        stream.close()
    }

    @Test func aRefusalIsTheStreamsFailure() throws {
        let loop = try EventLoop()
        var port: UInt16 = 0
        do { port = try FileDescriptor.listening(at: .loopback(port: 0)).localAddress().port }
        let side = Side()
        let stream = BufferedStream(try .connecting(to: .loopback(port: port)), on: loop)
        try stream.open(side)
        let hello = Array("hello".utf8)
        stream.write(hello.span)
        turn(loop) { side.failure != nil }
        // ECONNREFUSED
        #expect(side.failure?.code == 111 && !stream.isOpen)
    }

    @Test func aUnixSocketMayHaveALongPath() throws {
        let parent = try Folder.makeTemporary(in: "/tmp", prefix: "hostelry-")
        defer { Folder.removeTree(parent) }
        let folder = "\(parent)/" + String(repeating: "x", count: 150)
        try Folder.make(folder)
        #expect(throws: SystemError.self) { _ = try FileDescriptor.connecting(toSocketAt: folder + "/none") }
        let listener = try FileDescriptor.listening(in: folder, named: "socket")
        _ = try FileDescriptor.connecting(toSocketAt: folder + "/socket")
        let hasCome = listener.waitForInput(timeout: 5000)
        #expect(hasCome)
    }
}
