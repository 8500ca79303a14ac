import Control
import EventLoop
import Glibc
import Platform
import Wire

/// Whoever started a role and wants to hear of it.
protocol RoleObserver: AnyObject {
    func received(_ message: ControlMessage, from role: RoleProcess)
    func ended(_ role: RoleProcess, _ end: ProcessEnd)
    /// The role's side of the conversation is closed or broken while it lives on.
    func fellSilent(_ role: RoleProcess, reason: String)
}

/// A running role: its process, its control channel, and how it said goodbye.
///
/// The end of the process is told after what it wrote before has been read, so that a goodbye is never missed.
final class RoleProcess: ControlHandler, ReadinessHandler, TurnHandler {
    /// Nil for the router.
    let worker: UInt64?
    let process: ChildProcess
    private let loop: EventLoop
    private unowned let observer: any RoleObserver
    private var channel: ControlChannel?
    private var goodbye: String?
    private var hasEnded = false
    /// How many links the router wants to each worker; nil before it said so.
    private(set) var loopCount: Int?
    /// What the router is to be told when it has.
    private var untold: [ControlMessage] = []

    /// `observer` outlives the role.
    init(
        _ started: consuming StartedRole, worker: UInt64?, on loop: EventLoop, observer: any RoleObserver
    ) throws(SystemError) {
        self.worker = worker
        self.loop = loop
        self.observer = observer
        process = started.process
        let control = started.control
        try loop.register(process.descriptor.number, self)
        channel = try ControlChannel(control, on: loop, role: .master, handler: self)
    }

    func send(_ message: ControlMessage) { channel?.send(message) }

    func send(_ message: ControlMessage, descriptor: consuming FileDescriptor) {
        channel?.send(message, descriptor: descriptor)
    }

    /// Keeps a message for a router that has not said yet how many links it wants; answers whether it does.
    func postpone(_ message: ControlMessage) -> Bool {
        guard loopCount == nil else { return false }
        untold.append(message)
        return true
    }

    /// The router has said how many links it wants; answers what it is to be told now.
    func learned(loopCount count: Int) -> [ControlMessage] {
        loopCount = max(1, count)
        defer { untold = [] }
        return untold
    }

    func kill() { process.signal(SIGKILL) }

    // MARK: Conversation

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        if case .goodbye(let reason) = message { goodbye = reason }
        observer.received(message, from: self)
    }

    func ended(_ channel: ControlChannel, reason: String) {
        self.channel = nil
        guard !hasEnded, goodbye == nil else { return }
        observer.fellSilent(self, reason: reason)
    }

    // MARK: The process's end

    func ready(_ readiness: Readiness) {
        guard !hasEnded, readiness.contains(.readable) else { return }
        hasEnded = true
        // What it wrote last is read in the turn that begins now.
        loop.inNextTurn(self)
    }

    func turnEnded() {
        loop.unregister(process.descriptor.number)
        channel?.close()
        channel = nil
        // The pidfd is readable: the process has ended, and nobody else reaps it.
        let exit = (try? process.exit()) ?? .status(-1)
        let cause: ProcessEnd.Cause =
            switch exit {
            case .status(let status): .status(status)
            case .signal(let number, _): .signal(number)
            }
        observer.ended(self, ProcessEnd(pid: process.pid, cause: cause, goodbye: goodbye))
    }
}
