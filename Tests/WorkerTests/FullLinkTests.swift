import EventLoop
import PipelineTesting
import Platform
import Testing
import Wire
import Worker

/// What long answers leave to others when the router takes less than is written.
struct FullLinkTests {
    final class Receiver: RequestReceiver, WorkerStreamHandler {
        var streams: [WorkerStream] = []
        var sent: [Int] = []
        let total = 1_000_000
        private let chunk = [UInt8](repeating: 120, count: 65536)

        func began(_ head: RequestHead, on stream: WorkerStream) {
            streams.append(stream)
            sent.append(0)
            stream.handler = self
            stream.begin(ResponseHead(status: 200, contentLength: UInt64(total)))
        }

        func send(_ stream: WorkerStream) {
            guard let index = streams.firstIndex(where: { $0 === stream }), stream.isOpen else { return }
            let chunk = chunk
            while stream.credit > 0, sent[index] < total {
                let count = min(stream.credit, chunk.count, total - sent[index])
                stream.write(chunk.span.extracting(first: count))
                sent[index] += count
            }
            if sent[index] == total { stream.end() }
        }

        func receivedCredit(on stream: WorkerStream) { send(stream) }
        func ended(_ link: WorkerLink, reason: String) {}
        func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) {}
        func receivedEnd(from stream: WorkerStream) {}
        func aborted(_ stream: WorkerStream, reason: ResetReason) {}
    }

    @Test func longAnswersTakeTurnsAndLeaveRoomForShortOnes() throws {
        let loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        let receiver = Receiver()
        let link = try WorkerLink(pair.one, on: loop, receiver: receiver)
        let router = try RouterDouble(pair.other, on: loop, window: 1 << 20)
        for number: UInt32 in 1...3 { router.send(TestRequest("/"), stream: 0x10000 | number) }
        while receiver.streams.count < 3 { loop.turn(maximumWait: 1) }
        receiver.send(receiver.streams[0])
        #expect(receiver.sent[0] <= BufferedStream.highWaterMark + 65536)
        #expect(receiver.streams[0].credit == 0 && receiver.streams[1].credit == 4096)
        receiver.send(receiver.streams[1])
        receiver.send(receiver.streams[2])
        #expect(receiver.sent[1...] == [4096, 4096])
        var turns = 0
        while !(1...3).allSatisfy({ router[0x10000 | $0].hasEnded }), turns < 10000 {
            loop.turn(maximumWait: 1)
            turns += 1
        }
        #expect(receiver.sent == [1_000_000, 1_000_000, 1_000_000] && link.inWork == 0)
        #expect(router[0x10002].body.count == 1_000_000)
    }
}
