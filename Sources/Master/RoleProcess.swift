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
    let process: any HeldProcess
    /// Its name in the registry; nil where it could not be registered.
    let token: String?
    private let loop: EventLoop
    /// Outlives the role.
    unowned var observer: any RoleObserver
    private var channel: ControlChannel?
    private var goodbye: String?
    /// What it has done, as it said last.
    private var counts: ControlMessage.RoleCounts?
    private var hasEnded = false
    /// What a router that was found running listens at.
    private var sockets: [Endpoint: ListeningSocket] = [:]
    /// How many links the router wants to each worker; nil before it said so.
    private(set) var loopCount: Int?
    /// What the router is to be told when it has.
    private var untold: [ControlMessage] = []
    /// The routes that the router was told last.
    private var told: RouteTable?
    /// Said that it serves.
    private(set) var isReady = false
    /// Whether it is a router that can be asked what it has counted.
    private(set) var countsTraffic = false
    /// How many configurations it has been told and does not serve by yet.
    private var untakenConfigurations = 0
    /// Whether it knows the configuration as it is.
    var isInformed: Bool { untakenConfigurations == 0 }

    /// `observer` outlives the role.
    init(
        _ started: consuming StartedRole, worker: UInt64?, token: String?, on loop: EventLoop,
        observer: any RoleObserver
    ) throws(SystemError) {
        self.worker = worker
        self.token = token
        self.loop = loop
        self.observer = observer
        process = started.process
        let control = started.control
        try loop.register(process.descriptorNumber, self)
        channel = try ControlChannel(control, on: loop, role: .master, handler: self)
    }

    func send(_ message: ControlMessage) { channel?.send(message) }

    func send(_ message: ControlMessage, descriptor: consuming FileDescriptor) {
        if case .configure = message { untakenConfigurations += 1 }
        channel?.send(message, descriptor: descriptor)
    }

    /// Whether what it says is taken; else it waits.
    func listen(_ isListening: Bool) { if isListening { channel?.resume() } else { channel?.pause() } }

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

    /// The routes from now on: whole to a router that knows none, else what is different.
    func tell(_ routes: RouteTable) {
        if let told, let difference = RouteDifference(from: told, to: routes) {
            if !difference.isEmpty { send(.routesChanged(difference)) }
        } else {
            send(.routes(routes))
        }
        told = routes
    }

    func kill() { process.signal(SIGKILL) }

    /// Whether the two sides turned out to speak no common version.
    private(set) var hasNoCommonVersion = false

    /// Hands over the sockets that the router said it holds.
    func takeSockets() -> [Endpoint: ListeningSocket] {
        defer { sockets = [:] }
        return sockets
    }

    // MARK: Conversation

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        if case .goodbye(let reason) = message { goodbye = reason }
        if case .hello(.router, let versions) = message { countsTraffic = versions.newest >= 5 }
        if case .counts(_, let counts) = message { self.counts = counts }
        if case .ready = message {
            isReady = true
            untakenConfigurations = max(0, untakenConfigurations - 1)
        }
        if case .workerReport(let report) = message { isReady = report.isReady }
        if case .routerReport(let report) = message {
            isReady = true
            loopCount = max(1, Int(report.loops))
        }
        if case .holds(let endpoint) = message {
            if let descriptor { sockets[endpoint] = ListeningSocket(descriptor) }
            return
        }
        observer.received(message, from: self)
    }

    func ended(_ channel: ControlChannel, reason: String) {
        self.channel = nil
        hasNoCommonVersion = channel.hasNoCommonVersion
        guard !hasEnded, goodbye == nil else { return }
        observer.fellSilent(self, reason: reason)
    }

    // MARK: The process's end

    func ready(_ readiness: Readiness) {
        guard !hasEnded, readiness.contains(.readable) else { return }
        hasEnded = true
        channel?.hearLastWords()
        loop.inNextTurn(self)
    }

    /// Its end is not told any more; it is reaped where it has ended.
    func forget() {
        guard !hasEnded else { return }
        hasEnded = true
        loop.unregister(process.descriptorNumber)
        channel?.close()
        channel = nil
        _ = try? process.exit()
    }

    func turnEnded() {
        loop.unregister(process.descriptorNumber)
        channel?.close()
        channel = nil
        // The pidfd is readable: the process has ended, and nobody here reaps it but this.
        let exit = (try? process.exit()) ?? .status(-1)
        let cause: ProcessEnd.Cause =
            switch exit {
            case .status(let status): .status(status)
            case .signal(let number, _): .signal(number)
            case .unknown: .unknown
            }
        // Behind its last count one that crashed may have had more.
        let requests = goodbye == nil ? nil : counts?.requests
        observer.ended(self, ProcessEnd(pid: process.pid, cause: cause, goodbye: goodbye, requests: requests))
    }
}
