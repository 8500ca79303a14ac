import EventLoop
import Platform
import Testing
import Wire

@testable import Master

/// A worker's last words, over a socket pair, and its end, which the test tells.
@Suite struct RoleProcessTests {
    /// A process that ends when the other end of its descriptor is closed.
    final class ProcessDouble: HeldProcess {
        let pid: Int32 = 4242
        private let descriptor: FileDescriptor
        var descriptorNumber: Int32 { descriptor.number }

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

        func signal(_ number: Int32) {}
        func exit() throws(SystemError) -> ChildProcess.Exit? { .status(0) }
    }

    /// Listens no more after each report, as the intake of web.config files does with a worker that says much.
    final class Observer: RoleObserver {
        private(set) var reports = 0
        private(set) var silence: String?
        private(set) var end: ProcessEnd?

        func received(_ message: ControlMessage, from role: RoleProcess) {
            guard case .webConfig = message else { return }
            reports += 1
            role.listen(false)
        }

        func ended(_ role: RoleProcess, _ end: ProcessEnd) { self.end = end }
        func fellSilent(_ role: RoleProcess, reason: String) { silence = reason }
    }

    private static let counts = ControlMessage.RoleCounts(requests: 7, inWork: 0, connections: 0, queues: [])

    /// What one says that serves two large files and then ends, from its second message on.
    private static var lastWords: [UInt8] {
        let report = WebConfigReport(
            siteID: 1, path: "/", file: "/srv/" + String(repeating: "x", count: 60_000), content: .absent)
        var bytes: [UInt8] = []
        for message: ControlMessage in [
            .webConfig(report), .webConfig(report), .counts(0, counts), .goodbye(reason: "idle"),
        ] {
            message.append(to: &bytes)
        }
        return bytes
    }

    @Test(arguments: [false, true])
    func whatAWorkerSaysLastIsHeardThoughNobodyListened(endIsToldFirst: Bool) throws {
        let loop = try EventLoop()
        let observer = Observer()
        let control = try FileDescriptor.streamPair()
        let life = try FileDescriptor.streamPair()
        let role = try RoleProcess(
            StartedRole(process: ProcessDouble(life.one), control: control.one), worker: 1, token: nil, on: loop,
            observer: observer)
        var far: FileDescriptor? = control.other
        var greeting: [UInt8] = []
        ControlMessage.hello(role: .worker, versions: .control).append(to: &greeting)
        _ = try far?.send(greeting.span)
        loop.turn(maximumWait: 0)
        role.listen(false)
        _ = try far?.send(Self.lastWords.span)
        loop.turn(maximumWait: 0)
        #expect(observer.reports == 0)
        var alive: FileDescriptor? = life.other
        if endIsToldFirst {
            alive = nil
            loop.turn(maximumWait: 0)
            far = nil
        } else {
            far = nil
            loop.turn(maximumWait: 0)
            alive = nil
        }
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        _ = consume alive
        _ = consume far
        #expect(observer.reports == 2 && observer.silence == nil)
        #expect(observer.end == ProcessEnd(pid: 4242, cause: .status(0), goodbye: "idle", requests: 7))
    }
}
