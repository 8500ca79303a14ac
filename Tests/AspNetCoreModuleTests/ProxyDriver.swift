import EventLoop
import Pipeline
import PipelineTesting
import Synchronization
import TestSupport
import Wire

@testable import AspNetCoreModule

/// A pipeline whose handler passes everything on to a scripted backend, all on one loop that turns when the test says so.
final class ProxyDriver {
    private final class Proxy: Module {
        unowned let driver: ProxyDriver

        init(_ driver: ProxyDriver) { self.driver = driver }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            guard stage.notification == .executeRequestHandler else {
                request.user = .anonymous
                driver.prepare(request)
                return .continue
            }
            ProxyExchange.begin(request, to: driver.backend, driver.rules, for: driver)
            return .pending
        }
    }

    /// Nanoseconds that pass when the test says so, besides those that pass anyway.
    final class Clock: Sendable {
        private let ahead = Atomic<UInt64>(0)

        func now() -> UInt64 { ahead.load(ordering: .relaxed) }
        func pass(seconds: UInt64) { ahead.add(seconds * 1_000_000_000, ordering: .relaxed) }
    }

    let loop: EventLoop
    let clock = Clock()
    let server: ScriptedBackend
    let backend: Backend
    var rules = ProxyRules()
    fileprivate(set) var outcomes: [ProxyOutcome] = []
    /// Who takes what the backend did not.
    var taker: ((RequestContext) -> Void)?
    /// What is done to a request before its handler.
    var prepare: (RequestContext) -> Void = { _ in }
    private var host: TestHost?

    private let folder: TemporaryFolder?

    /// - Parameters:
    ///   - usesSocket: whether the backend listens on a Unix socket.
    ///   - listens: whether it accepts connections before the test calls `server.listen`.
    init(usesSocket: Bool = false, listens: Bool = true) throws {
        let clock = clock
        clock.pass(seconds: 1)
        loop = try EventLoop { clock.now() }
        folder = usesSocket ? try TemporaryFolder() : nil
        server = try ScriptedBackend(on: loop, socketIn: folder?.path)
        if listens { try server.listen() }
        backend = Backend(pid: 1, address: server.address, token: "the-token", on: loop)
        let definition = ModuleDefinition(
            name: "M", sections: [], stages: [.on(.authenticateRequest)]
        ) { [unowned self] _ in Proxy(self) }
        host = try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers><clear/><add name="H" path="*" verb="*" modules="M" requireAccess="None"/></handlers>
                </system.webServer>
                """)
    }

    /// One request and what became of it.
    final class Call {
        let sink: RecordingSink
        let context: RequestContext?

        init(_ sink: RecordingSink, _ context: RequestContext?) {
            self.sink = sink
            self.context = context
        }

        func send(_ text: String) { send(Array(text.utf8)) }
        func send(_ bytes: [UInt8]) { context?.receivedBody(bytes.span) }

        var isOver: Bool { sink.hasEnded || sink.hasFailed || sink.wasAborted }
    }

    func call(_ request: TestRequest, credit: Int = .max, canBecomeTunnel: Bool = false) throws -> Call {
        let sink = RecordingSink(credit: credit)
        sink.canBecomeTunnel = canBecomeTunnel
        return Call(sink, try host?.begin(request, sink))
    }

    func get(_ target: String = "/") throws -> Call { try call(TestRequest(target)) }

    /// Turns the loop until `condition` holds; one that never does fails after some thousand turns.
    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<4000 {
            if condition() { return true }
            loop.turn(maximumWait: 2)
        }
        return condition()
    }

    /// The connection of that number, once the head of a request has come on it.
    func request(_ number: Int = 0) -> ScriptedBackend.Connection? {
        let hasCome = wait {
            server.connections.count > number && server.connections[number].text.contains("\r\n\r\n")
        }
        return hasCome ? server.connections[number] : nil
    }

    /// Lets everything that is on its way arrive.
    func settle() { for _ in 0..<20 { loop.turn(maximumWait: 1) } }
}

extension ProxyDriver: ProxyOwner {
    func ended(_ outcome: ProxyOutcome, at backend: Backend) { outcomes.append(outcome) }

    func takeBack(_ request: RequestContext, from backend: Backend, tries: Int) -> Bool {
        taker?(request)
        return taker != nil
    }
}
