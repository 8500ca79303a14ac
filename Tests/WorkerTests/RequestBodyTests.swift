import EventLoop
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

@testable import Worker

/// Bodies of requests and tunnels over a real link, as a module of a pipeline meets them.
struct RequestBodyTests {
    /// Says back what it hears: as the body when that has ended, or at once in a tunnel.
    final class Echo: Module {
        final class Conversation: RequestBodyReader, BodySource {
            let request: RequestContext
            var heard: [UInt8] = []
            var hasEnded = false
            var isTunnel = false

            init(_ request: RequestContext) { self.request = request }

            func received(_ bytes: Span<UInt8>) {
                heard.append(copying: bytes)
                request.took(bytes.count)
                if isTunnel { request.resumeSending() }
            }

            func receivedEnd() {
                hasEnded = true
                if isTunnel { return request.resumeSending() }
                request.response.set(status: 200)
                request.response.body = .bytes(heard)
                request.resume(.continue)
            }

            func stopped() { if !isTunnel { request.resume(.finishRequest) } }

            var length: Int64? { nil }

            func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
                let part = heard.prefix(limit)
                bytes += part
                heard.removeFirst(part.count)
                return !heard.isEmpty ? .more : hasEnded ? .ended : .waiting
            }

            func cancel() {}
        }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            guard stage.notification == .executeRequestHandler else {
                request.user = .anonymous
                return .continue
            }
            let conversation = Conversation(request)
            request.read(conversation)
            guard request.canBecomeTunnel else { return .pending }
            conversation.isTunnel = true
            request.response.set(status: 101)
            request.response.headers.append("Upgrade", "echo")
            request.response.body = .stream(conversation)
            return .continue
        }
    }

    final class Receiver: RequestReceiver {
        var host: TestHost?

        func began(_ head: RequestHead, on stream: WorkerStream) {
            guard let request = host?.begin(head, stream) else { return }
            stream.handler = request
        }

        func ended(_ link: WorkerLink, reason: String) {}
    }

    let loop: EventLoop
    let receiver = Receiver()
    let link: WorkerLink
    let router: RouterDouble

    init() throws {
        loop = try EventLoop()
        receiver.host = try TestHost(
            [ModuleDefinition(name: "M", sections: [], stages: [.on(.authenticateRequest)]) { _ in Echo() }],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers><clear/><add name="H" path="*" verb="*" modules="M" requireAccess="None"/></handlers>
                </system.webServer>
                """)
        let pair = try FileDescriptor.streamPair()
        link = try WorkerLink(pair.one, on: loop, receiver: receiver)
        router = try RouterDouble(pair.other, on: loop, window: 1 << 20)
    }

    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<2000 {
            if condition() { return true }
            loop.turn(maximumWait: 5)
        }
        return condition()
    }

    @Test func aBodyLongerThanTheWindowIsReadToItsEnd() throws {
        var request = TestRequest("/")
        request.body = .length(300_000)
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        router.send(request, body: body, stream: 7)
        #expect(wait { router[7].hasEnded })
        #expect(router[7].body == body && link.inWork == 0)
        #expect(router.granted(stream: 7) == 300_000)
    }

    @Test func aTunnelCarriesBytesUntilBothHalvesHaveEnded() throws {
        var request = TestRequest("/")
        request.traits = .canBecomeTunnel
        router.send(request, stream: 7)
        #expect(wait { router[7].status == 101 })
        router.send(bytes: Array("hello".utf8), stream: 7)
        #expect(wait { router[7].text == "hello" })
        #expect(!router[7].hasEnded && link.inWork == 1)
        router.sendEnd(stream: 7)
        #expect(wait { router[7].hasEnded && link.inWork == 0 })
    }

    @Test func aTunnelWhoseClientLeavesIsOver() throws {
        var request = TestRequest("/")
        request.traits = .canBecomeTunnel
        router.send(request, stream: 7)
        #expect(wait { router[7].status == 101 })
        router.reset(stream: 7)
        #expect(wait { router[7].reset == .clientGone && link.inWork == 0 })
    }
}
