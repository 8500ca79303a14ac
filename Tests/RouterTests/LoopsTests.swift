import Control
import EventLoop
import Platform
import Testing
import Wire
import Worker

@testable import Router

/// What a router with several loops does that one with one cannot show.
struct LoopsTests {
    @Test func connectionsAreSharedOutEvenly() throws {
        try Plane.$loopCount.withValue(3) {
            let plane = try Plane()
            let worker = try plane.worker { _, _ in }
            let clients = try (0..<9).map { _ in try plane.client() }
            for client in clients { client.get("/") }
            plane.turn { worker.heads.count == 9 }
            #expect(worker.links.map(\.inWork) == [3, 3, 3])
        }
    }

    @Test func aLinkThatBreaksOnOneLoopIsGivenUpOnAllAndToldOnce() throws {
        try Plane.$loopCount.withValue(3) {
            let plane = try Plane()
            let broken = try plane.rawWorker()
            broken.send([0, 0, 0, 77, 0, 0, 0, 0])
            plane.turn { plane.messages.contains { if case .linkBroken = $0 { true } else { false } } }
            let clients = try (0..<3).map { _ in try plane.client() }
            for client in clients { client.get("/") }
            plane.turn { plane.messages.contains(.activate(pool: 1)) }
            plane.settle()
            let told = plane.messages.filter { if case .linkBroken = $0 { true } else { false } }
            #expect(told.count == 1 && plane.messages.count { $0 == .activate(pool: 1) } == 1)
            _ = try plane.worker(2) { _, stream in stream.respond("new") }
            plane.turn { clients.allSatisfy { $0.text.hasSuffix("new") } }
        }
    }

    /// With threads, as the program runs.
    @Test func loopsOnThreadsOfTheirOwnAnswerAndDrain() throws {
        let loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        let router = try Router(control: pair.one, on: loop, loopCount: LoopCount(3))
        let master = Conductor(loop)
        let channel = try ControlChannel(pair.other, on: loop, role: .master, handler: master)
        let listening = try FileDescriptor.listening(at: .loopback(port: 0))
        let address = try listening.localAddress()
        channel.send(
            .listen(Endpoint(address: IPAddress(high: address.high, low: address.low), port: address.port)),
            descriptor: listening)
        channel.send(
            .routes(
                RouteTable(
                    pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .started)],
                    sites: [
                        RouteTable.Site(
                            id: 7, name: "s", bindings: [RouteTable.Binding(port: address.port)],
                            applications: [RouteTable.Application(path: "/", pool: 1)])
                    ])))
        let worker = TestWorker { _, _ in }
        for _ in 0..<3 {
            let link = try FileDescriptor.streamPair()
            worker.links.append(try WorkerLink(link.other, on: loop, receiver: worker))
            channel.send(.linkReady(pool: 1, worker: 1), descriptor: link.one)
        }
        let clients = try (0..<30).map { _ in try Client(port: address.port, loop) }
        for client in clients { client.get("/") }
        master.turn { worker.heads.count == 30 }
        #expect(worker.links.map(\.inWork) == [10, 10, 10])
        for stream in worker.streams { stream.respond("x") }
        master.turn { clients.allSatisfy { $0.text.hasSuffix("x") } }
        channel.send(.drain)
        master.turn { master.messages.last == .goodbye(reason: "drained") && clients.allSatisfy(\.hasEnded) }
        #expect(master.messages.contains(.loops(3)))
        withExtendedLifetime(router) {}
    }

    private final class Conductor: ControlHandler {
        private let loop: EventLoop
        var messages: [ControlMessage] = []

        init(_ loop: EventLoop) { self.loop = loop }

        func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
            messages.append(message)
        }

        func ended(_ channel: ControlChannel, reason: String) {}

        /// Turns the main loop until the condition holds; other threads may take their time.
        func turn(_ condition: () -> Bool) {
            for _ in 0..<5000 where !condition() { loop.turn(maximumWait: 2) }
            #expect(condition())
        }
    }
}
