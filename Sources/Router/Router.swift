//  Router: every byte from the network (HTTP.sys's part).
//
//  `Router` is the shell: it owns the loop, hears the master on a control channel, holds the listening sockets and the
//  links, and applies each new `RouteTable`. A `ClientConnection` reads requests (HTTP1), has them routed (`Routes`:
//  endpoint and host to site, path to application and pool), and gives each to its `Pool`, which passes it to a worker
//  on a `Link` or lets it wait for one. An `Exchange` is one request and its response between the two; what the worker
//  sends goes through a `ResponseEncoder` to the client. What is refused here stands in `Refusal`. `Logs` (a folder)
//  writes what happened: a `LogOutput` for each site's access log and one for refusals and drops, whose files the
//  master opens (`W3CLine`, `ErrorLine`: the lines; `LogSchedule`: which file is whose).
//
//  THREATS. A client may send anything, slowly, and leave at any moment: the parser is strict, every buffer is bounded
//  (credit towards the worker, `highWaterMark` towards the client), every wait for a client has a limit. A worker may
//  send anything too: frames are checked, a response never leaves its own stream, header fields are validated and all
//  framing is written here, so that a worker cannot make one client's connection carry another site's answer; one that
//  breaks the protocol loses its link, and the master is told.

public import Control
public import EventLoop
public import Platform
public import Wire

/// The role: serves until the master says otherwise, and goes on serving when the master is gone.
public final class Router {
    /// How long an idle connection may go on after another router has taken over. Unit: nanoseconds.
    static let grace: UInt64 = 8_000_000_000

    let loop: EventLoop
    private var control: ControlChannel?
    private var listeners: [Endpoint: Listener] = [:]
    private(set) var routes = Routes(RouteTable(), pools: [:])
    private var pools: [UInt32: Pool] = [:]
    private var links: [UInt64: Link] = [:]
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    /// Every answer is the last of its connection.
    private(set) var isDraining = false
    /// Connections without a request in work are closed.
    private(set) var closesIdle = false
    private var isEnding = false
    /// Nil for a router that ends with its master.
    private let rendezvous: Rendezvous?
    /// Whether there is anything to serve from: a router that no master ever told its routes ends with its master.
    private var hasRoutes = false
    private var wasFound = false
    private let graceTimer = Timer()
    let date: DateLine
    let logs: Logs

    /// `control` is the router's end of the conversation with the master, `rendezvous` the socket (bound, not listening)
    /// at which the next one will find it; without one the router drains when its master is gone. `wallClock` (seconds
    /// since 1970, UTC) is for tests; the system's otherwise.
    public init(
        control: consuming FileDescriptor, rendezvous: consuming FileDescriptor? = nil, on loop: EventLoop,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.seconds
    ) throws(SystemError) {
        self.loop = loop
        let time = WallTime(loop, wallClock)
        date = DateLine(time)
        logs = Logs(on: loop, time: time)
        self.rendezvous = try Rendezvous(rendezvous, beside: control, on: loop)
        let channel = try ControlChannel(control, on: loop, role: .router, handler: self)
        self.control = channel
        logs.connect(channel)
    }

    /// Applies new routes. Pools keep their queues and links; requests in work are not touched.
    private func apply(_ table: RouteTable) {
        hasRoutes = true
        var kept: [UInt32: Pool] = [:]
        for route in table.pools {
            let pool = pools.removeValue(forKey: route.id) ?? Pool(id: route.id, router: self)
            pool.apply(route)
            kept[route.id] = pool
        }
        for pool in pools.values { pool.refuseWaiting(.disabled) }
        pools = kept
        routes = Routes(table, pools: kept, logs: logs.apply(table))
    }

    /// Asks the master for a worker.
    func activate(_ pool: UInt32) { control?.send(.activate(pool: pool)) }

    // MARK: Connections

    func opened(_ connection: ClientConnection) { connections[ObjectIdentifier(connection)] = connection }

    func closed(_ connection: ClientConnection) {
        connections[ObjectIdentifier(connection)] = nil
        endWhenDrained()
    }

    private func drain() {
        stopAccepting()
        closesIdle = true
        for connection in connections.values { connection.drain() }
        endWhenDrained()
    }

    private func stopAccepting() {
        isDraining = true
        for listener in listeners.values { listener.close() }
        listeners = [:]
    }

    /// Another router has the sockets: what is connected here gets one more answer, or has its time of grace, since
    /// closing a connection that is idle here may cross a request that is on its way.
    private func handOver() {
        stopAccepting()
        loop.start(graceTimer, after: Self.grace, self)
        endWhenDrained()
    }

    private func endWhenDrained() {
        guard isDraining, connections.isEmpty, !isEnding else { return }
        isEnding = true
        logs.writeAll { [unowned self] in leave() }
    }

    private func leave() {
        guard let control else { return loop.stop() }
        control.send(.goodbye(reason: "drained"))
        control.closeAfterOutput()
    }

    // MARK: Links

    private func open(_ descriptor: consuming FileDescriptor, to worker: UInt64, of number: UInt32) {
        // A pool that a newer table no longer holds, or a number that is in use: the master changed its mind.
        guard let pool = pools[number], links[worker] == nil else { return }
        guard let link = try? Link(descriptor, worker: worker, pool: pool, router: self) else {
            control?.send(.linkBroken(worker: worker, reason: "the link cannot be watched"))
            return
        }
        links[worker] = link
        pool.add(link)
    }

    /// A link ended; `reason` says what the worker did wrong, if anything.
    func ended(_ link: Link, reason: String) {
        guard links.removeValue(forKey: link.worker) != nil else { return }
        link.pool.remove(link)
        if !link.isRetired { control?.send(.linkBroken(worker: link.worker, reason: reason)) }
    }
}

extension Router: ConnectionAcceptor {
    public func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener) {
        // Without an address of its own it cannot be routed; the client is gone already.
        guard let local = try? connection.localAddress() else { return }
        let client = ClientConnection(router: self, remote: Endpoint(remote), local: Endpoint(local))
        guard client.open(connection) else { return }
        opened(client)
    }

    public func acceptFailed(_ error: SystemError, by listener: Listener) {
        control?.send(.trouble("connections wait: \(error)"))
    }
}

extension Router: ControlHandler {
    public func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel)
    {
        switch message {
        case .hello: greeted(channel)
        case .listen(let endpoint):
            guard let descriptor, listeners[endpoint] == nil, !isDraining else { return }
            guard let listener = try? Listener(descriptor, on: loop, acceptor: self) else {
                channel.send(.trouble("port \(endpoint.port) cannot be watched"))
                return
            }
            listeners[endpoint] = listener
        case .unlisten(let endpoint): listeners.removeValue(forKey: endpoint)?.close()
        case .routes(let table): apply(table)
        case .linkReady(let pool, let worker):
            guard let descriptor else { return }
            open(descriptor, to: worker, of: pool)
        case .activationFailed(let pool): pools[pool]?.activationFailed()
        case .activationLapsed(let pool): pools[pool]?.activationLapsed()
        case .poolState(let pool, let state): pools[pool]?.apply(state)
        case .retire(let worker): links[worker]?.retire()
        case .workerGone(let worker): links[worker]?.workerGone()
        case .drain: drain()
        case .handOver: handOver()
        case .stop: logs.writeAll { [unowned self] in loop.stop() }
        case .logOpened(let answer):
            guard let descriptor else { return }
            logs.opened(descriptor, answer)
        case .logRefused(let log, let number): logs.refused(log, number: number)
        case .reopenLogs: logs.reopen()
        case .ping(let value): channel.send(.pong(value))
        default: break
        }
    }

    /// The master is gone: what is known stays valid until another comes.
    public func ended(_ channel: ControlChannel, reason: String) {
        control = nil
        logs.masterGone()
        if isDraining, connections.isEmpty || isEnding { return loop.stop() }
        if channel.hasNoCommonVersion { return drain() }
        guard hasRoutes else { return loop.stop() }
        do throws(SystemError) {
            guard let rendezvous else { return drain() }
            try rendezvous.open { [unowned self] in found($0) }
        } catch {
            drain()
        }
    }

    /// Another master has come.
    private func found(_ connection: consuming FileDescriptor) {
        wasFound = true
        control = try? ControlChannel(connection, on: loop, role: .router, handler: self)
        if control == nil { try? rendezvous?.open { [unowned self] in found($0) } }
    }

    /// The master speaks our language: the first one hears that we serve, a later one what it finds here.
    private func greeted(_ channel: ControlChannel) {
        guard wasFound else { return channel.send(.ready) }
        for (endpoint, listener) in listeners {
            guard let socket = listener.duplicate() else { continue }
            channel.send(.holds(endpoint), descriptor: socket)
        }
        channel.send(
            .routerReport(
                RouterReport(
                    pools: pools.values.map { .init(id: $0.id, name: $0.name) },
                    workers: links.values.filter { !$0.isRetired }.map(\.worker), loops: 1, isDraining: isDraining)))
        logs.connect(channel)
        // What was asked of nobody is asked again.
        for pool in pools.values { pool.masterCame() }
    }
}

extension Router: TimerHandler {
    public func timerFired(_ timer: Timer) { drain() }
}

extension Endpoint {
    init(_ address: SocketAddress) {
        self.init(address: IPAddress(high: address.high, low: address.low), port: address.port)
    }
}
