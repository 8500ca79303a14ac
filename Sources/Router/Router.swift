//  Router: every byte from the network (HTTP.sys's part).
//
//  `Router` is the shell, on the main loop: it hears the master on a control channel, holds the listening sockets and
//  the logs' files, and hands on what it learns. The work is done by `RouterLoop`s, one for each event loop and thread
//  (the first one is on the main loop, and with one loop there is no other thread): each has its connections, its links
//  to the workers, its pools with what waits in them, and its routes. The two talk through `LoopPort` and `ShellPort`;
//  `LinkLedger` decides which loop gets which link and when the master is asked for a worker.
//
//  A `ClientConnection` reads requests (HTTP1), has them routed (`Routes`: endpoint and host to site, path to application
//  and pool), and gives each to its `Pool`, which passes it to a worker on a `Link` or lets it wait for one. An
//  `Exchange` is one request and its response between the two; what the worker sends goes through a `ResponseEncoder`
//  to the client, and after an upgrade as it is (`Tunnel`). What is refused here stands in `Refusal`. The folder
//  `Limits` holds sites to their connections and bandwidth, and clients to their time. The folder `Logs` writes what
//  happened: a `LogLines` for each log gathers lines on its loop (`W3CLine`, `ErrorLine`), a `LogOutput` has them
//  written to files that the master opens (`LogSchedule`: which file is whose). The folder `Counting` counts each request by
//  site and by pool (`Traffic`, kept in the loop's `TrafficLedger`) and tells the master when it asks (`TrafficTelling`).
//
//  THREATS. A client may send anything, slowly, and leave at any moment: the parser is strict, every buffer is bounded
//  (credit towards the worker, `highWaterMark` towards the client), every wait for a client has a limit. A worker may
//  send anything too: frames are checked, a response never leaves its own stream, header fields are validated and all
//  framing is written here, so that a worker cannot make one client's connection carry another site's answer; one that
//  breaks the protocol loses its links, and the master is told.

public import Control
public import EventLoop
public import Platform
public import Wire

/// The role: serves until the master says otherwise, and goes on serving when the master is gone.
public final class Router {
    /// What the system may hold for a client that takes nothing. It would be megabytes. Unit: bytes.
    private static let maximumUnsent: Int32 = 1 << 17
    /// How long an idle connection may go on after another router has taken over. Unit: nanoseconds.
    static let grace: UInt64 = 8_000_000_000

    private let loop: EventLoop
    private var control: ControlChannel?
    private var listeners: [Endpoint: Listener] = [:]
    private var loops: [LoopPort] = []
    /// Which loop had the last connection.
    private var last = 0
    private var ledger: LinkLedger
    private var queues: [UInt32: QueueCount] = [:]
    private let limits = Limits()
    private var isDraining = false
    /// Loops that have not answered yet since they were told something that they answer.
    private var undrained = 0
    private var unapplied = 0
    /// Whether a whole table is among what was told.
    private var hasNewTable = false
    private var unfinished = 0
    private var countings: [UInt64: Counting] = [:]
    /// How many loops have not told all that they counted, by the number of the master's question.
    private var tellings: [UInt64: Int] = [:]
    private var returns = LinkReturns()
    private let logs: Logs
    /// What is to be told when there is somebody to hear it.
    private let complaint: String?
    /// Nil for a router that ends with its master.
    private let rendezvous: Rendezvous?
    /// Whether there is anything to serve from: a router that no master ever told its routes ends with its master.
    private var hasRoutes = false
    private var wasFound = false
    private var poolNames: [UInt32: String] = [:]
    private let graceTimer = Timer()

    /// `control` is the router's end of the conversation with the master, `rendezvous` the socket (bound, not listening)
    /// at which the next one will find it; without one the router drains when its master is gone. `loop` is the main
    /// loop; the others are started here. `wallClock` (seconds since 1970, UTC) is for tests; the system's otherwise.
    public convenience init(
        control: consuming FileDescriptor, rendezvous: consuming FileDescriptor? = nil, on loop: EventLoop,
        loopCount: LoopCount,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.seconds
    ) throws(SystemError) {
        var others: [RemoteLoop] = []
        var complaint: String?
        do throws(SystemError) {
            for _ in 1..<loopCount.value {
                others.append(try RouterLoop.start(shell: loop.remote, wallClock: wallClock))
            }
        } catch {
            complaint = "only \(others.count + 1) event loops of \(loopCount.value) run: \(error)"
        }
        try self.init(
            control: control, rendezvous: rendezvous, on: loop, beside: others, complaint: complaint,
            wallClock: wallClock)
    }

    /// `others` are loops that a `RouterLoop` lives on.
    init(
        control: consuming FileDescriptor, rendezvous: consuming FileDescriptor? = nil, on loop: EventLoop,
        beside others: [RemoteLoop] = [], complaint: String? = nil,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.seconds
    ) throws(SystemError) {
        CurrentProcess.ignoreBrokenPipes()
        self.loop = loop
        self.complaint = complaint
        self.rendezvous = try Rendezvous(rendezvous, beside: control, on: loop)
        ledger = LinkLedger(loopCount: others.count + 1)
        logs = Logs(on: loop, time: WallTime(loop, wallClock))
        loop.resident = self
        loops = [.own(RouterLoop(on: loop, shell: .own(self), wallClock: wallClock))]
        loops += others.map { .other($0) }
        let channel = try ControlChannel(control, on: loop, role: .router, handler: self)
        self.control = channel
        logs.connect(channel)
    }

    private func tellLoops(_ order: @escaping @Sendable (RouterLoop) -> Void) {
        for loop in loops { loop.tell(order) }
    }

    /// Applies new routes. Pools keep their queues and links; requests in work are not touched.
    private func apply(_ table: RouteTable) {
        hasRoutes = true
        poolNames = [:]
        note(table.pools)
        var kept: [UInt32: QueueCount] = [:]
        for route in table.pools { kept[route.id] = queues[route.id] ?? QueueCount() }
        let queues = kept
        self.queues = queues
        hasNewTable = true
        logs.apply(table)
        limits.apply(table)
        unapplied += loops.count
        tellLoops { [limits] in $0.apply(table, queues: queues, limits: limits) }
    }

    private func note(_ pools: [RouteTable.Pool]) {
        for pool in pools {
            poolNames[pool.id] = pool.name
            note(pool.state, of: pool.id)
        }
    }

    /// For a pool that takes no request no worker is on its way.
    private func note(_ state: RouteTable.PoolState, of pool: UInt32) {
        if state != .started { ledger.activationFailed(pool) }
    }

    /// Goes over to other routes at the cost of what is different in them.
    private func apply(_ difference: RouteDifference) {
        var changed: [UInt32: QueueCount] = [:]
        for route in difference.pools { changed[route.id] = queues[route.id] ?? QueueCount() }
        let queues = changed
        self.queues.merge(queues) { _, new in new }
        note(difference.pools)
        for id in difference.removedPools {
            self.queues[id] = nil
            poolNames[id] = nil
        }
        logs.apply(difference)
        limits.apply(difference)
        unapplied += loops.count
        tellLoops { $0.apply(difference, queues: queues) }
    }

    private func drain() {
        stopAccepting()
        tellLoops { $0.drain() }
    }

    /// Another router has the sockets: what is connected here gets one more answer, or has its time of grace, since
    /// closing a connection that is idle here may cross a request that is on its way.
    private func handOver() {
        stopAccepting()
        tellLoops { $0.handOver() }
        loop.start(graceTimer, after: Self.grace, self)
    }

    private func stopAccepting() {
        guard !isDraining else { return }
        isDraining = true
        for listener in listeners.values { listener.close() }
        listeners = [:]
        undrained = loops.count
    }

    private func leave() {
        guard let control else { return end() }
        control.send(.goodbye(reason: "drained"))
        control.closeAfterOutput()
    }

    /// Hands over what the logs still lack, then ends.
    private func stop() {
        guard unfinished == 0 else { return }
        unfinished = loops.count
        tellLoops { $0.finishLogs() }
    }

    private func end() {
        tellLoops { $0.stop() }
        loop.stop()
    }
}

/// What the loops tell.
extension Router {
    /// Requests of the pool wait on a loop that has no link for them.
    func activate(_ pool: UInt32) {
        if ledger.wants(pool) { control?.send(.activate(pool: pool)) }
    }

    /// Part of an answer to the master, from one loop; sent when it is the last one.
    func counted(_ number: UInt64, _ counts: ControlMessage.RoleCounts) {
        guard var counting = countings.removeValue(forKey: number) else { return }
        counting.missing -= 1
        counting.sum.requests += counts.requests
        counting.sum.inWork += counts.inWork
        counting.sum.connections += counts.connections
        if counting.missing > 0 {
            countings[number] = counting
        } else {
            counting.sum.queues = queues.compactMap { pool, queue in
                let waiting = queue.waiting
                return waiting > 0 ? .init(pool: pool, waiting: UInt32(clamping: waiting)) : nil
            }
            control?.send(.counts(number, counting.sum))
        }
    }

    /// A part of what one loop has counted by site and by pool.
    func told(_ number: UInt64, _ page: TrafficPage) {
        // Nil: a master that is gone asked.
        guard let missing = tellings[number] else { return }
        let rest = page.isLast ? missing - 1 : missing
        tellings[number] = rest > 0 ? rest : nil
        control?.send(.traffic(number, TrafficPage(entries: page.entries, isLast: rest == 0)))
    }

    /// A link ended; `reason` says what the worker did wrong, if anything.
    func linkEnded(_ worker: UInt64, reason: String) {
        let isNews = ledger.ended(worker)
        defer { tellIfUnlinked(worker) }
        guard isNews else { return }
        // What one loop cannot use is good for none.
        tellLoops { $0.retire(worker) }
        control?.send(.linkBroken(worker: worker, reason: reason))
    }

    /// A loop gives no request to the worker for now; `isQuiet` says whether none is in work there.
    func paused(_ worker: UInt64, isQuiet: Bool) {
        switch returns.paused(worker, isQuiet: isQuiet) {
        case nil: break
        case true?:
            ledger.retire(worker)
            tellLoops { $0.retire(worker) }
            tellIfUnlinked(worker)
        case false?:
            tellLoops { $0.resume(worker) }
            control?.send(.unlinked(worker: worker, isQuiet: false))
        }
    }

    private func tellIfUnlinked(_ worker: UInt64) {
        guard !ledger.hasLinks(to: worker), returns.finish(worker) else { return }
        control?.send(.unlinked(worker: worker, isQuiet: true))
    }

    /// A loop has closed its last connection after it was told to drain.
    func drained() {
        undrained -= 1
        guard undrained == 0 else { return }
        logs.writeAll { [unowned self] in leave() }
    }

    /// A loop works with the routes it was given last, and has handed over what it logged before.
    func applied() {
        unapplied -= 1
        guard unapplied == 0 else { return }
        logs.closeRemoved()
        guard hasNewTable else { return }
        hasNewTable = false
        // The table as it was sent, and the routes before, are no more.
        HeapMemory.release()
    }

    /// A loop has handed over all that it logged.
    func finished() {
        unfinished -= 1
        guard unfinished == 0 else { return }
        logs.writeAll { [unowned self] in end() }
    }

    func write(_ batches: [LogBatch]) {
        for batch in batches { logs.write(batch.bytes.span, batch.format, to: batch.log) }
    }

    /// As `write`, from the loop of the shell itself.
    func write(_ lines: Span<UInt8>, _ format: LogFormat, to log: LogID) { logs.write(lines, format, to: log) }
}

extension Router: ConnectionAcceptor {
    public func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener) {
        last = (last + 1) % loops.count
        loops[last].give(connection, from: remote)
    }

    public func acceptFailed(_ error: SystemError, by listener: Listener) {
        control?.send(.trouble("connections wait: \(error)"))
    }
}

extension Router: ControlHandler {
    public func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel)
    {
        switch message {
        case .hello: if wasFound { report(to: channel) } else { greet(channel) }
        case .listen(let endpoint):
            guard let descriptor, listeners[endpoint] == nil, !isDraining else { return }
            descriptor.limitUnsent(Self.maximumUnsent)
            guard let listener = try? Listener(descriptor, on: loop, acceptor: self) else {
                channel.send(.trouble("port \(endpoint.port) cannot be watched"))
                return
            }
            listeners[endpoint] = listener
        case .unlisten(let endpoint): listeners.removeValue(forKey: endpoint)?.close()
        case .routes(let table): apply(table)
        case .routesChanged(let difference): apply(difference)
        case .linkReady(let pool, let worker):
            // For a pool that a newer table no longer holds the master has changed its mind.
            guard let descriptor, queues[pool] != nil else { return }
            guard let number = ledger.assign(worker, of: pool) else {
                // One whose earlier links are still ending gets none; the master is not to rely on it.
                if ledger.isLeaving(worker) { channel.send(.linkBroken(worker: worker, reason: "")) }
                return
            }
            loops[number].give(descriptor, to: worker, of: pool)
        case .activationFailed(let pool):
            ledger.activationFailed(pool)
            tellLoops { $0.activationFailed(pool) }
        case .activationLapsed(let pool):
            ledger.activationFailed(pool)
            tellLoops { $0.activationLapsed(pool) }
        case .poolState(let pool, let state):
            note(state, of: pool)
            tellLoops { $0.apply(state, to: pool) }
        case .retire(let worker):
            ledger.retire(worker)
            tellLoops { $0.retire(worker) }
        case .unlink(let worker):
            returns.begin(worker, loopCount: loops.count)
            tellLoops { loop in
                let isQuiet = loop.pause(worker)
                loop.shell.tell { $0.paused(worker, isQuiet: isQuiet) }
            }
        case .workerGone(let worker):
            ledger.retire(worker)
            tellLoops { $0.workerGone(worker) }
        case .drain: drain()
        case .handOver: handOver()
        case .stop: stop()
        case .logOpened(let answer):
            guard let descriptor else { return }
            logs.opened(descriptor, answer)
        case .logRefused(let log, let number): logs.refused(log, number: number)
        case .reopenLogs: logs.reopen()
        case .ping(let value): channel.send(.pong(value))
        case .countsWanted(let number):
            countings[number] = Counting(missing: loops.count)
            tellLoops { loop in
                let counts = loop.counts
                loop.shell.tell { $0.counted(number, counts) }
            }
        case .trafficWanted(let number):
            tellings[number] = loops.count
            tellLoops { $0.tellTraffic(number) }
        default: break
        }
    }

    /// What the loops have counted of what the master wants to know.
    private struct Counting {
        var missing: Int
        var sum = ControlMessage.RoleCounts(requests: 0, inWork: 0, connections: 0)
    }

    private func greet(_ channel: ControlChannel) {
        channel.send(.loops(UInt8(loops.count)))
        channel.send(.ready)
        if let complaint { channel.send(.trouble(complaint)) }
    }

    /// The master is gone: what is known stays valid until another comes.
    public func ended(_ channel: ControlChannel, reason: String) {
        control = nil
        countings = [:]
        tellings = [:]
        returns.masterGone()
        logs.masterGone()
        guard hasRoutes, !isDraining || undrained > 0 else { return end() }
        guard let rendezvous, !channel.hasNoCommonVersion else { return drain() }
        do throws(SystemError) {
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

    /// Tells a master that found this router running what it found.
    private func report(to channel: ControlChannel) {
        for (endpoint, listener) in listeners {
            guard let socket = listener.duplicate() else { continue }
            channel.send(.holds(endpoint), descriptor: socket)
        }
        channel.send(
            .routerReport(
                RouterReport(
                    pools: poolNames.map { .init(id: $0.key, name: $0.value) }, workers: ledger.linked,
                    loops: UInt16(loops.count), isDraining: isDraining)))
        logs.connect(channel)
        // What was asked of the one before it is asked again.
        ledger.masterCame()
        tellLoops { $0.masterCame() }
    }
}

extension Router: TimerHandler {
    /// The grace is over.
    public func timerFired(_ timer: Timer) { drain() }
}

extension Endpoint {
    init(_ address: SocketAddress) {
        self.init(address: IPAddress(high: address.high, low: address.low), port: address.port)
    }
}
