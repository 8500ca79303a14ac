import Control
import EventLoop
import Glibc
import Platform
import TestSupport
import Testing
import Wire

@testable import Router

/// A router whose master goes, and who comes after it.
@Suite final class NextMasterTests {
    /// A master's side of the conversation.
    final class Master: ControlHandler {
        var channel: ControlChannel?
        private(set) var messages: [ControlMessage] = []
        private(set) var sockets: [Endpoint] = []
        private(set) var hasEnded = false

        func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
            messages.append(message)
            if let descriptor, let address = try? descriptor.localAddress() { sockets.append(Endpoint(address)) }
        }

        func ended(_ channel: ControlChannel, reason: String) { hasEnded = true }

        var report: RouterReport? {
            messages.lazy.compactMap { if case .routerReport(let report) = $0 { report } else { nil } }.first
        }
    }

    let folder: TemporaryFolder
    let sockets: FileDescriptor
    let loop: EventLoop
    let router: Router
    let first = Master()
    let endpoint: Endpoint

    init() throws {
        folder = try TemporaryFolder()
        sockets = try FileDescriptor.folder(folder.path)
        loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        router = try Router(
            control: pair.one, rendezvous: FileDescriptor.bound(to: "router", in: sockets), on: loop)
        let listening = try FileDescriptor.listening(at: .loopback(port: 0))
        endpoint = Endpoint(try listening.localAddress())
        first.channel = try ControlChannel(pair.other, on: loop, role: .master, handler: first)
        first.channel?.send(.listen(endpoint), descriptor: listening)
        first.channel?.send(
            .routes(
                RouteTable(
                    pools: [RouteTable.Pool(id: 4, name: "p", queueLength: 10, state: .started)],
                    sites: [
                        RouteTable.Site(
                            id: 7, name: "s", bindings: [RouteTable.Binding(port: endpoint.port)],
                            applications: [RouteTable.Application(path: "/", pool: 4)])
                    ])))
        turn { first.messages.contains(.ready) }
    }

    private func turn(_ condition: () -> Bool) {
        var turns = 0
        while !condition(), turns < 2000 {
            loop.turn(maximumWait: turns < 100 ? 1 : 0)
            turns += 1
        }
        #expect(condition())
    }

    private func next() throws -> Master {
        let master = Master()
        var turns = 0
        while master.channel == nil, turns < 100 {
            loop.turn(maximumWait: 1)
            turns += 1
            if case .connected(let connection) = try FileDescriptor.connection(to: "router", in: sockets) {
                master.channel = try ControlChannel(connection, on: loop, role: .master, handler: master)
            }
        }
        return master
    }

    @Test func theNextMasterGetsTheSocketsAndHearsWhatThereIs() throws {
        first.channel?.close()
        let master = try next()
        turn { master.report != nil }
        #expect(master.sockets == [endpoint])
        #expect(
            master.report == RouterReport(pools: [.init(id: 4, name: "p")], workers: [], loops: 1, isDraining: false))
        #expect(!master.messages.contains(.ready))
    }

    @Test func nobodyIsLetInWhileThereIsAMaster() throws {
        var isRefused = false
        if case .refused = try FileDescriptor.connection(to: "router", in: sockets) { isRefused = true }
        #expect(isRefused)
    }

    @Test func whatWaitsForAWorkerIsAskedForAgain() throws {
        let client = Client(loop)
        try client.open(.connected(to: .loopback(port: endpoint.port)))
        client.get("/")
        turn { first.messages.contains(.activate(pool: 4)) }
        first.channel?.close()
        let second = try next()
        turn { second.messages.contains(.activate(pool: 4)) }
        // And once more of the one after that.
        second.channel?.close()
        let third = try next()
        turn { third.messages.contains(.activate(pool: 4)) }
    }

    @Test func aRouterWithoutACommonVersionDrains() throws {
        first.channel?.close()
        var hello: [UInt8] = []
        ControlMessage.hello(role: .master, versions: Versions(oldest: 999, newest: 999)).append(to: &hello)
        for _ in 0..<20 { loop.turn(maximumWait: 1) }
        guard case .connected(let connection) = try FileDescriptor.connection(to: "router", in: sockets) else {
            return #expect(Bool(false)) as Void
        }
        _ = try connection.send(hello.span)
        var takesConnections = true
        for _ in 0..<200 where takesConnections {
            loop.turn(maximumWait: 1)
            takesConnections = (try? FileDescriptor.connected(to: .loopback(port: endpoint.port)).number) != nil
        }
        #expect(!takesConnections)
    }

    @Test func aConnectionThatIsHandedOverStaysOpenUntilTheClientGoes() throws {
        let client = Client(loop)
        try client.open(.connected(to: .loopback(port: endpoint.port)))
        for _ in 0..<20 { loop.turn(maximumWait: 1) }
        first.channel?.send(.handOver)
        for _ in 0..<20 { loop.turn(maximumWait: 1) }
        #expect(!client.hasEnded && !first.messages.contains(.goodbye(reason: "drained")))
        client.close()
        turn { first.messages.contains(.goodbye(reason: "drained")) }
    }
}
