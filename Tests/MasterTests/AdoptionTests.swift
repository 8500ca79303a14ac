import Control
import EventLoop
import Events
import Glibc
import Platform
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Master

@Suite struct AdoptionTests {
    /// A role in this process: waits at its rendezvous from the turn on that the test says.
    final class RoleDouble: ControlHandler {
        let loop: EventLoop
        let rendezvous: Rendezvous
        let report: ControlMessage?
        var versions = Versions.control
        private var channel: ControlChannel?
        private(set) var received: [ControlMessage] = []

        init(_ socket: consuming FileDescriptor, _ report: ControlMessage?, on loop: EventLoop) {
            self.loop = loop
            self.report = report
            rendezvous = Rendezvous(socket, user: geteuid(), on: loop)
        }

        func wait() throws {
            try rendezvous.open { [unowned self] in
                channel = try? ControlChannel($0, on: loop, role: .worker, handler: self)
            }
        }

        func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
            received.append(message)
            if case .hello = message, let report { channel.send(report) }
        }

        func ended(_ channel: ControlChannel, reason: String) {}
    }

    final class Recorder: EventRecorder {
        private let events = Mutex<[Event]>([])

        func record(_ event: Event) { events.withLock { $0.append(event) } }

        var kinds: [EventKind] { events.withLock { $0.map(\.kind) } }
        var texts: [String] { events.withLock { $0.map(\.text) } }
    }

    let folder: TemporaryFolder
    let registry: RoleRegistry
    let loop: EventLoop
    let log = Recorder()

    init() throws {
        folder = try TemporaryFolder()
        registry = try RoleRegistry(stateFolder: folder.path)
        loop = try EventLoop()
    }

    private func adopt() throws -> Adoption.Result { try Adoption(registry, on: loop, log: log).run() }

    /// This process, registered as a role.
    private func role(_ kind: RegisteredRole.Kind, _ report: ControlMessage?) throws -> RoleDouble {
        let admission = try registry.admit(kind)
        try registry.started(admission.token, pid: getpid())
        return try RoleDouble(admission.socket.duplicate(), report, on: loop)
    }

    private static let worker = RegisteredRole.Kind.worker(7, pool: 3, name: "Shop", settings: 1)
    private static let report = WorkerReport(isReady: true, isDraining: false, requests: 5)

    @Test func aWorkerThatWaitsIsTakenOverWithItsReport() throws {
        let double = try role(Self.worker, .workerReport(Self.report))
        try double.wait()
        let adopted = try adopt().adopted
        #expect(adopted.map(\.kind) == [Self.worker])
        guard case .worker(Self.report)? = adopted.first?.report else { return #expect(Bool(false)) as Void }
        #expect(adopted.first?.process.worker == 7)
        #expect(adopted.first?.process.process.pid == getpid())
        #expect(log.kinds.isEmpty)
    }

    @Test func aRoleThatNoticesLateIsWaitedFor() throws {
        let double = try role(Self.worker, .workerReport(Self.report))
        let late = Late { try? double.wait() }
        loop.start(late.timer, after: 20_000_000, late)
        #expect(try adopt().adopted.count == 1)
    }

    @Test func whatEndedMeanwhileIsToldAndForgotten() throws {
        let child = try ChildProcess.start(ProcessSpecification(executable: "/bin/sleep", arguments: ["sleep", "60"]))
        let token = try registry.admit(Self.worker).token
        try registry.started(token, pid: child.pid)
        child.signal(SIGKILL)
        _ = try child.waitForExit()
        #expect(try adopt().adopted.isEmpty)
        #expect(log.kinds == [.roleLost])
        #expect(folder.names(in: "roles").isEmpty && folder.names(in: "run").isEmpty)
    }

    @Test func anotherProcessInARolesPlaceIsNotTrustedAndTheRoleIsEnded() throws {
        let child = try ChildProcess.start(ProcessSpecification(executable: "/bin/sleep", arguments: ["sleep", "60"]))
        let admission = try registry.admit(Self.worker)
        try registry.started(admission.token, pid: child.pid)
        // This process listens, which is not the one that was started.
        let impostor = try RoleDouble(admission.socket.duplicate(), .workerReport(Self.report), on: loop)
        try impostor.wait()
        #expect(try adopt().adopted.isEmpty)
        #expect(impostor.received.isEmpty)
        #expect(log.kinds == [.roleNotAdopted])
        #expect(log.texts.first?.contains("answers in its place") == true)
        #expect(RunningProcess.Identity.of(child.pid) == nil)
        #expect(folder.names(in: "roles").isEmpty && folder.names(in: "run").isEmpty)
    }

    @Test func aRoleOfAnotherVersionIsLeftToFinish() throws {
        let admission = try registry.admit(.router(1))
        try registry.started(admission.token, pid: getpid())
        let rendezvous = Rendezvous(try admission.socket.duplicate(), user: geteuid(), on: loop)
        var hello: [UInt8] = []
        ControlMessage.hello(role: .router, versions: Versions(oldest: 999, newest: 999)).append(to: &hello)
        let kept = Kept()
        try rendezvous.open {
            _ = try? $0.send(hello.span)
            kept.descriptor = FileDescriptor(owning: $0.release())
        }
        let result = try adopt()
        #expect(result.adopted.isEmpty && result.leaving.count == 1)
        #expect(log.kinds == [.roleNotAdopted])
    }

    private final class Kept {
        var descriptor: FileDescriptor?
    }

    @Test func aRoleWhoseSocketIsGoneIsEnded() throws {
        let child = try ChildProcess.start(ProcessSpecification(executable: "/bin/sleep", arguments: ["sleep", "60"]))
        let token = try registry.admit(.router(1)).token
        try registry.started(token, pid: child.pid)
        folder.remove("run/\(token)")
        #expect(try adopt().adopted.isEmpty)
        #expect(log.texts.first?.contains("its socket is gone") == true)
        #expect(RunningProcess.Identity.of(child.pid) == nil)
    }

    private final class Late: TimerHandler {
        let timer = Timer()
        private let action: () -> Void

        init(_ action: @escaping () -> Void) { self.action = action }

        func timerFired(_ timer: Timer) { action() }
    }
}
