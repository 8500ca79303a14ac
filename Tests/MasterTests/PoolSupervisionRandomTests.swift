import Testing
import Wire

@testable import Master

/// Long sequences of whatever may happen to a pool, with processes and a router that do what they can do.
@Suite struct PoolSupervisionRandomTests {
    private struct Draw {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
    }

    private struct World {
        var bench: PoolBench
        var plan: HostingPlan.Pool
        var draw: Draw
        /// Processes that run.
        var processes: [UInt64] = []
        /// Links that the router gives requests to.
        var links: Set<UInt64> = []
        /// Workers whose links the router was asked for, and has not answered about.
        var asked: Set<UInt64> = []
        /// Processes that are stopped.
        var stopped: Set<UInt64> = []
        /// Whether the router has requests that wait for a worker.
        var isWaiting = false
        var router: UInt64 = 1
        /// How many actions the router and the processes have seen.
        var seen = 0
    }

    private func plan(_ draw: inout Draw, overlaps: Bool, maximum: Int) -> HostingPlan.Pool {
        let life = PoolLife(
            maximumProcesses: maximum, idleTimeout: .seconds(60), suspendsWhenIdle: draw.below(2) == 0,
            ping: .init(interval: .seconds(30), responseTime: .seconds(20)),
            orphansWorkers: draw.below(4) == 0, lifetime: draw.below(2) == 0 ? .seconds(200) : nil,
            schedule: draw.below(2) == 0 ? [.seconds(60), .seconds(43_200)] : [],
            memoryLimit: UInt64(draw.below(2) * 100))
        return PoolBench.plan(
            life, draw.below(8) == 0 ? .disabled : .started, atOnce: draw.below(3) == 0, overlaps: overlaps,
            followsChanges: draw.below(4) > 0, maximumCrashes: draw.below(2) == 0 ? 5 : nil)
    }

    /// One thing that happens.
    private func step(_ world: inout World, overlaps: Bool, maximum: Int) {
        let any = world.processes.isEmpty ? 0 : world.processes[world.draw.below(world.processes.count)]
        let state = world.bench.pool.workers.first { $0.id == any }?.state
        let isStopped = world.stopped.contains(any)
        switch world.draw.below(24) {
        case 0...2:
            guard world.links.isEmpty else { break }
            world.isWaiting = true
            world.bench.act(.activationWanted(pool: 1))
        case 3...6: if state == .starting { world.bench.act(.workerReady(any)) }
        case 7...9: if state == .draining, !isStopped { end(&world, any, PoolBench.farewell) }
        case 10, 11: if state == .killed { end(&world, any, PoolBench.end(.signal(9))) }
        case 12: if any > 0 { end(&world, any, PoolBench.crash) }
        case 13, 20: if !isStopped { world.bench.act(.workerIdle(any)) }
        case 14: if !isStopped { world.bench.act(.workerReachedRequestLimit(any)) }
        case 21, 22: returnLinks(&world)
        case 23: if world.draw.below(4) == 0 { replaceRouter(&world) }
        case 15:
            world.bench.isResponsive = world.draw.below(3) > 0
            world.bench.samples[any] = WorkerSample(
                resident: UInt64(world.draw.below(150)), privateBytes: 0)
        case 16:
            guard world.links.contains(any), !isStopped else { break }
            world.links.remove(any)
            world.bench.act(.linkBroken(worker: any, reason: world.draw.below(2) == 0 ? "" : "nonsense"))
        case 17:
            switch world.draw.below(3) {
            case 0: world.bench.act(.recycleRequested(pool: 1))
            case 1: world.bench.act(.poolStopRequested(pool: 1))
            default: world.bench.act(.poolStartRequested(pool: 1))
            }
        case 18:
            world.plan = plan(&world.draw, overlaps: overlaps, maximum: maximum)
            world.bench.change(to: world.plan, [nil, .settings, .process][world.draw.below(3)])
        default: world.bench.pass(.seconds([1, 10, 40, 100][world.draw.below(4)]))
        }
        follow(&world)
    }

    /// The router answers about links that it was asked for.
    private func returnLinks(_ world: inout World) {
        guard let id = world.asked.min() else { return }
        world.asked.remove(id)
        let isQuiet = !world.links.contains(id) || world.draw.below(3) > 0
        if isQuiet { world.links.remove(id) }
        world.bench.act(.workerUnlinked(id, router: world.router, isQuiet: isQuiet))
        follow(&world)
        // A request may have come meanwhile.
        guard world.links.isEmpty, world.draw.below(2) == 0 else { return }
        world.isWaiting = true
        world.bench.act(.activationWanted(pool: 1))
    }

    /// The router dies, and the next one is told of the workers that are ready.
    private func replaceRouter(_ world: inout World) {
        let old = world.router
        world.router += 1
        world.bench.routerCame(world.router)
        world.links = Set(world.bench.ids(.ready))
        world.asked = []
        world.isWaiting = false
        world.bench.routerGone(old)
    }

    private func end(_ world: inout World, _ id: UInt64, _ end: ProcessEnd) {
        world.processes.removeAll { $0 == id }
        world.links.remove(id)
        world.stopped.remove(id)
        world.bench.act(.workerEnded(id, end))
    }

    /// The router and processes see what was done.
    private func follow(_ world: inout World) {
        while world.seen < world.bench.actions.count {
            let action = world.bench.actions[world.seen]
            world.seen += 1
            switch action {
            case .startWorker(let id, _): world.processes.append(id)
            case .orphanWorker(let id, _): world.processes.removeAll { $0 == id }
            case .suspendWorker(let id): world.stopped.insert(id)
            case .resumeWorker(let id): world.stopped.remove(id)
            case .drainWorker(let id), .configureWorker(let id), .pingWorker(let id, _):
                #expect(!world.stopped.contains(id), "a stopped process is told something")
            case .tellRouter(.unlink(let id)): world.asked.insert(id)
            case .tellOneRouter(world.router, .linkReady(_, let id)), .tellRouter(.linkReady(_, let id)):
                #expect(!world.stopped.contains(id), "a stopped process gets a link")
                world.isWaiting = false
                if world.processes.contains(id) { world.links.insert(id) }
            case .tellRouter(.retire(let id)), .tellRouter(.workerGone(let id)): world.links.remove(id)
            case .killWorker(let id): world.links.remove(id)
            case .tellRouter(.activationFailed): world.isWaiting = false
            case .tellRouter(.poolState(_, let state)): if state != .started { world.isWaiting = false }
            case .tellRouter(.activationLapsed):
                if world.isWaiting { world.bench.act(.activationWanted(pool: 1)) }
            default: break
            }
        }
    }

    private func check(_ world: World, overlaps: Bool, maximum: Int, _ place: Comment) {
        let (bench, workers) = (world.bench, world.bench.pool.workers)
        #expect(Set(workers.map(\.id)) == Set(world.processes), place)
        #expect(workers.count { $0.state == .ready } <= maximum, place)
        #expect(workers.count { $0.state == .starting } <= 1, place)
        if !overlaps { #expect(workers.count <= maximum, place) }
        for worker in workers {
            switch worker.state {
            case .starting: #expect(bench.timers[.workerStart(worker.id)] != nil, place)
            case .ready: #expect(bench.pool.state == .started, place)
            case .suspending: #expect(world.asked.contains(worker.id), place)
            case .suspended: #expect(world.stopped.contains(worker.id), place)
            case .draining: #expect(bench.timers[.workerEnd(worker.id)] != nil, place)
            case .killed: #expect(bench.actions.contains(.killWorker(worker.id)), place)
            }
        }
        #expect(world.links.isDisjoint(with: world.stopped), place)
        for worker in workers where world.stopped.contains(worker.id) {
            #expect(worker.state == .suspended || worker.state == .killed, place)
            for deadline in worker.timers { #expect(deadline == .workerLifetime(worker.id), place) }
        }
        let known = Set(workers.map(\.id))
        for deadline in bench.timers.keys {
            if case .worker(let id) = deadline.subject { #expect(known.contains(id), place) }
        }
        guard world.isWaiting else { return }
        #expect(!workers.contains { $0.state == .suspended }, place)
        // Somebody is on the way.
        let isLeaving = workers.contains { !$0.isCurrent }
        #expect(
            workers.contains { $0.isCurrent } || bench.timers[.poolStart(1)] != nil || !overlaps && isLeaving, place)
    }

    @Test(arguments: [true, false], [1, 3]) func whateverHappensAPoolKeepsItsRules(overlaps: Bool, maximum: Int) {
        for seed in 1...40 {
            var draw = Draw(state: UInt64(seed))
            let plan = plan(&draw, overlaps: overlaps, maximum: maximum)
            var world = World(bench: PoolBench(plan), plan: plan, draw: draw)
            follow(&world)
            for count in 0..<400 {
                step(&world, overlaps: overlaps, maximum: maximum)
                check(world, overlaps: overlaps, maximum: maximum, "seed \(seed), step \(count)")
            }
            // Whatever was begun comes to an end.
            world.bench.act(.poolStopRequested(pool: 1))
            world.bench.pass(.seconds(200))
            follow(&world)
            for id in world.processes { end(&world, id, PoolBench.end(.signal(9))) }
            #expect(world.bench.pool.workers.isEmpty && world.bench.timers.isEmpty, "seed \(seed)")
        }
    }
}
