import Administration
import Events
import Wire

/// Decides what the master does: which processes run, who listens where, who is told what, and when it ends.
///
/// Pure: what happens comes in, what is to be done goes out, in order. This is the server's part: endpoints, the plan and
/// its publication, sites, upgrades. What happens to a pool or one of its workers is its `PoolSupervision`'s business, the
/// routers are `RouterSupervision`'s.
struct Supervision {
    private enum Phase {
        /// Until the endpoints' first opening has been tried.
        case opening(waiting: Set<Endpoint>)
        /// Until the router is ready for the first time.
        case starting
        case running
        case stopping
    }

    /// How long a router may take to finish its requests where no pool says otherwise.
    private static let shortestDrain = Duration.seconds(5)
    /// How long until an endpoint that could not be opened is tried again; doubled each time.
    private static let firstEndpointDelay = Duration.milliseconds(100)
    private static let longestEndpointDelay = Duration.seconds(30)

    /// How long a worker that does not answer may hold up a changed configuration.
    private static let longestWaitForWorkers = Duration.seconds(2)

    /// The configuration's plan, with what administrators did to sites by hand.
    private(set) var plan = HostingPlan.empty
    /// The configuration's own.
    private(set) var configured = HostingPlan.empty
    /// By id: whether an administrator started or stopped the site.
    private var sitesByHand: [UInt32: Bool] = [:]
    private var phase = Phase.opening(waiting: [])
    private var routers = RouterSupervision()
    private var upgrade = Upgrade.none
    var isUpgrading: Bool { upgrade != .none }
    /// Whether the start is still to be told, once what was found knows the plan.
    private var isAdopting = false
    private var endpoints: Set<Endpoint> = []
    /// Endpoints that could not be opened, and how often it was tried.
    private var failing: [Endpoint: Int] = [:]
    private var found: Found?
    private var remembered = Standing()
    private var pools: [UInt32: PoolSupervision] = [:]
    /// Pools that have workers which do not know the plan yet; it takes effect once they do.
    private var uninformed: Set<UInt32> = []
    private(set) var isPublishing = false
    /// Pools for which the plan that is to take effect means something.
    private var touched: Set<UInt32> = []
    private var decision = Decision()

    init() {}

    // MARK: What others may know

    func status(of pool: UInt32) -> PoolStatus? { pools[pool]?.status }

    /// How often workers of the pool came and went.
    func restarts(of pool: UInt32) -> ServerMetrics.Restarts { pools[pool]?.restarts ?? .init() }

    /// What the next master is to know.
    var standing: Standing {
        Standing(pools: pools.values.compactMap(\.standing).sorted { $0.name < $1.name }, sites: sitesByHand)
    }

    /// Nil for a site that there is not.
    func state(ofSite id: UInt32) -> SiteState? {
        switch plan.routes.sites.first(where: { $0.id == id })?.state {
        case nil: nil
        case .started: .started
        case .stopped: .stopped
        case .unavailable: .quarantined
        }
    }

    /// The pool of a worker that there is.
    func pool(ofWorker id: UInt64) -> HostingPlan.Pool? {
        decision.pools[id].flatMap { plan.pools[$0] ?? pools[$0]?.plan }
    }

    func state(ofWorker id: UInt64) -> PoolWorker.State? {
        guard let pool = decision.pools[id].flatMap({ pools[$0] }) else { return nil }
        return pool.index(of: id).map { pool.workers[$0].state }
    }

    // MARK: What happens

    /// `now` counts nanoseconds and never goes back.
    mutating func handle(_ occurrence: Occurrence, now: UInt64) -> [Action] {
        decision.now = now
        switch occurrence.subject {
        case .server: handleOwn(occurrence)
        case .pool(let id): handle(occurrence, of: id)
        case .worker(let id): if let pool = decision.pools[id] { handle(occurrence, of: pool) }
        }
        advanceUpgrade()
        if decision.changesStanding { decision.add(.keepStanding) }
        decision.changesStanding = false
        return decision.take()
    }

    private mutating func handleOwn(_ occurrence: Occurrence) {
        switch occurrence {
        case .found(let found): self.found = found
        case .remembered(let standing): remembered = standing
        case .began(let plan): begin(plan)
        case .reconfigured(let plan, let changes): change(to: plan, changes)
        case .opened(let endpoint): opened(endpoint)
        case .openingFailed(let endpoint, let reason): openingFailed(endpoint, reason)
        case .routerReady(let id): routerReady(id)
        case .routerTrouble(let text): decision.record(.routerTrouble(text))
        case .routerEnded(let id, let end): routerGone { $0.ended(id, end) }
        case .routerCannotStart(let id, let reason): routerGone { $0.cannotStart(id, reason) }
        case .upgradeRequested: requestUpgrade()
        case .newVersionChecked(let problem): newVersionChecked(problem)
        case .siteStopRequested(let id): setSite(id, isStarted: false)
        case .siteStartRequested(let id): setSite(id, isStarted: true)
        case .expired(let deadline): expired(deadline)
        case .stopRequested: stop()
        // The pools'.
        default: break
        }
    }

    private mutating func handle(_ occurrence: Occurrence, of pool: UInt32) {
        guard pools[pool] != nil else {
            if case .activationWanted = occurrence { decision.tellRouter(.activationFailed(pool: pool)) }
            return
        }
        pools[pool]?.handle(occurrence, &decision)
        settle(pool)
        if case .stopping = phase { endWhenAlone() }
    }

    /// What a pool's change means for the server.
    private mutating func settle(_ id: UInt32) {
        guard let pool = pools[id] else { return }
        if pool.isRemoved, pool.workers.isEmpty {
            pools[id] = nil
            if pool.standing != nil { decision.changesStanding = true }
        }
        if pool.uninformed.isEmpty, uninformed.remove(id) != nil, uninformed.isEmpty, isPublishing {
            decision.add(.cancel(.publication))
            publish()
        }
    }

    private mutating func forEachPool(_ act: (inout PoolSupervision, inout Decision) -> Void) {
        forPools(Array(pools.keys), act)
    }

    /// In the order of their numbers.
    private mutating func forPools(_ ids: [UInt32], _ act: (inout PoolSupervision, inout Decision) -> Void) {
        for id in ids.sorted() {
            guard var pool = pools.removeValue(forKey: id) else { continue }
            act(&pool, &decision)
            pools[id] = pool
            settle(id)
        }
    }

    // MARK: Endpoints

    private mutating func begin(_ plan: HostingPlan) {
        configured = plan
        sitesByHand = remembered.sites
        forgetSites(goneFrom: plan)
        self.plan = plan.applying(sitesByHand)
        decision.demandStartThreshold = plan.demandStartThreshold
        let standing = Dictionary(
            remembered.pools.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        remembered = Standing()
        for pool in plan.pools.values {
            pools[pool.id] =
                standing[pool.name.lowercased()].map { PoolSupervision(pool, $0) } ?? PoolSupervision(pool)
        }
        beginServing()
    }

    private mutating func beginServing() {
        if let found { takeOver(found) }
        let closed = plan.endpoints.filter { !endpoints.contains($0) }
        phase = .opening(waiting: Set(closed))
        for endpoint in closed { decision.add(.open(endpoint)) }
        startRouterWhenOpened()
    }

    /// What runs is this master's from now on.
    private mutating func takeOver(_ found: Found) {
        self.found = nil
        endpoints = found.endpoints
        if found.isUpgrade { upgrade = .awaitingStart }
        changeRouters { routers in
            for router in found.routers.sorted(by: { $0.id < $1.id }) {
                routers.adopt(router.id, isDraining: router.isDraining)
            }
        }
        for worker in found.workers.sorted(by: { $0.id < $1.id }) {
            if pools[worker.pool] == nil { pools[worker.pool] = PoolSupervision(.unknown(worker.pool)) }
            pools[worker.pool]?.adopt(worker, &decision)
        }
        for id in pools.keys.sorted() where plan.pools[id] == nil { pools[id]?.remove(&decision) }
        touched = Set(pools.keys)
        for router in found.routers where !router.isDraining { complete(router) }
    }

    /// Tells a router of an earlier master what that one did not come to tell it.
    private mutating func complete(_ router: Found.Router) {
        for endpoint in endpoints.subtracting(router.endpoints).sorted(by: { $0.port < $1.port }) {
            decision.add(.tellOneRouter(router.id, .listen(endpoint)))
        }
        for (worker, pool) in readyWorkers where !router.workers.contains(worker) {
            decision.add(.tellOneRouter(router.id, .linkReady(pool: pool, worker: worker)))
        }
        for worker in router.workers.sorted() where decision.pools[worker] == nil {
            decision.add(.tellOneRouter(router.id, .workerGone(worker: worker)))
        }
    }

    private mutating func opened(_ endpoint: Endpoint) {
        endpoints.insert(endpoint)
        failing[endpoint] = nil
        decision.record(.endpointOpened(endpoint, sites: plan.sites[endpoint] ?? []))
        decision.tellRouter(.listen(endpoint))
        tried(endpoint)
    }

    private mutating func openingFailed(_ endpoint: Endpoint, _ reason: String) {
        let count = failing[endpoint, default: 0] + 1
        failing[endpoint] = count
        var tellsAt = 2
        if case .opening = phase { tellsAt = 1 }
        // Where a change moves a socket to another address of its port, the router closes the old one a moment later.
        if count == tellsAt {
            decision.record(.endpointFailed(endpoint, sites: plan.sites[endpoint] ?? [], reason: reason))
        }
        let delay = Self.firstEndpointDelay * (1 << min(count - 1, 10))
        decision.add(.start(.endpointRetry(endpoint), after: min(delay, Self.longestEndpointDelay)))
        tried(endpoint)
    }

    private mutating func retry(_ endpoint: Endpoint) {
        guard failing[endpoint] != nil else { return }
        decision.add(.open(endpoint))
    }

    private mutating func tried(_ endpoint: Endpoint) {
        guard case .opening(var waiting) = phase else { return }
        waiting.remove(endpoint)
        phase = .opening(waiting: waiting)
        startRouterWhenOpened()
    }

    private mutating func startRouterWhenOpened() {
        guard case .opening(let waiting) = phase, waiting.isEmpty else { return }
        guard !endpoints.isEmpty || plan.endpoints.isEmpty else {
            decision.record(.cannotStart(reason: "No endpoint could be opened."))
            return end(1)
        }
        phase = .starting
        guard !routers.isReady else {
            isAdopting = true
            phase = .running
            decision.isOpen = true
            return publishWhenInformed()
        }
        changeRouters { $0.start() }
    }

    /// Those that `isWanted` does not keep are not tried again.
    private mutating func forgetFailures(except isWanted: (Endpoint) -> Bool) {
        for endpoint in failing.keys.sorted(by: { $0.port < $1.port }) where !isWanted(endpoint) {
            failing[endpoint] = nil
            decision.add(.cancel(.endpointRetry(endpoint)))
        }
    }

    // MARK: The plan

    private mutating func change(to next: HostingPlan, _ changes: [UInt32: PoolChange]) {
        if case .stopping = phase { return }
        // Where the plans share their pools only those are concerned whose workers are told something.
        var concerned = Set(changes.keys)
        if next.poolTable !== configured.poolTable {
            concerned.formUnion(next.pools.keys)
            touched.formUnion(pools.keys.filter { next.pools[$0] == nil })
        }
        configured = next
        forgetSites(goneFrom: next)
        plan = next.applying(sitesByHand)
        decision.demandStartThreshold = next.demandStartThreshold
        for id in concerned.sorted() {
            guard let planned = next.pools[id] else { continue }
            if let pool = pools[id] {
                guard pool.plan != planned || pool.isRemoved || changes[id] != nil else { continue }
                pools[id]?.change(to: planned, changes[id], &decision)
            } else {
                pools[id] = PoolSupervision(planned)
            }
            touched.insert(id)
        }
        publishWhenInformed()
    }

    /// A later site that gets the number of one that is gone is another site.
    private mutating func forgetSites(goneFrom plan: HostingPlan) {
        guard !sitesByHand.isEmpty else { return }
        let known = Set(plan.routes.sites.map(\.id))
        let count = sitesByHand.count
        sitesByHand = sitesByHand.filter { known.contains($0.key) }
        if sitesByHand.count != count { decision.changesStanding = true }
    }

    /// Lets the plan take effect once the workers know it, so that no request is routed to one that has never heard of
    /// its site.
    private mutating func publishWhenInformed() {
        isPublishing = true
        uninformed = uninformed.union(touched).filter { pools[$0]?.uninformed.isEmpty == false }
        if uninformed.isEmpty {
            publish()
        } else {
            decision.add(.start(.publication, after: Self.longestWaitForWorkers))
        }
    }

    /// Lets the plan take effect: on the routes, on the endpoints, on pools that are no more or that run at once.
    private mutating func publish() {
        isPublishing = false
        let concerned = Array(touched.union(uninformed))
        (touched, uninformed) = ([], [])
        if case .stopping = phase { return }
        route()
        if isAdopting { serve() } else { decision.record(.configurationApplied) }
        let kept = plan.pools
        forPools(concerned) { pool, decision in
            pool.stopInforming()
            if kept[pool.id] == nil { pool.remove(&decision) } else { pool.open(&decision) }
        }
    }

    /// Tells the router the routes, and opens and closes endpoints.
    private mutating func route() {
        decision.tellRouter(.routes(routes))
        let wanted = Set(plan.endpoints)
        // An address and the wildcard of its port exclude each other: close first.
        for endpoint in endpoints.subtracting(wanted).sorted(by: { $0.port < $1.port }) {
            endpoints.remove(endpoint)
            decision.tellRouter(.unlisten(endpoint))
            decision.add(.close(endpoint), .record(.endpointClosed(endpoint)))
        }
        forgetFailures { wanted.contains($0) }
        for endpoint in plan.endpoints where !endpoints.contains(endpoint) { decision.add(.open(endpoint)) }
    }

    /// The plan's, with the pools' states as they are.
    private var routes: RouteTable {
        var routes = plan.routes
        for index in routes.pools.indices {
            if let pool = pools[routes.pools[index].id] { routes.pools[index].state = pool.state }
        }
        return routes
    }

    /// By hand. A site whose configuration is not valid stays as it is.
    private mutating func setSite(_ id: UInt32, isStarted: Bool) {
        guard let site = plan.routes.sites.first(where: { $0.id == id }),
            site.state == (isStarted ? .stopped : .started)
        else { return }
        if case .stopping = phase { return }
        sitesByHand[id] = isStarted
        decision.changesStanding = true
        plan = configured.applying(sitesByHand)
        decision.record(isStarted ? .siteStarted(site: site.name) : .siteStopped(site: site.name))
        // A plan that waits for its workers brings it along.
        if decision.isOpen, !isPublishing { route() }
    }

    // MARK: The routers

    private mutating func changeRouters(_ change: (inout RouterSupervision) -> Void) {
        change(&routers)
        let gone = decision.routers.subtracting(routers.listening)
        decision.routers = routers.listening
        for action in routers.takeActions() { decision.add(action) }
        for router in gone.sorted() { forEachPool { $0.routerGone(router, &$1) } }
        if let newcomer = routers.takeNewcomer() { introduce(newcomer) }
    }

    /// Tells a router that was just started everything.
    private mutating func introduce(_ id: UInt64) {
        decision.add(.tellOneRouter(id, .routes(routes)))
        for endpoint in endpoints.sorted(by: { $0.port < $1.port }) {
            decision.add(.tellOneRouter(id, .listen(endpoint)))
        }
        for (worker, pool) in readyWorkers {
            decision.add(.tellOneRouter(id, .linkReady(pool: pool, worker: worker)))
        }
    }

    /// In the order of their numbers, with their pools.
    private var readyWorkers: [(worker: UInt64, pool: UInt32)] {
        decision.pools.sorted { $0.key < $1.key }.filter { state(ofWorker: $0.key) == .ready }
            .map { (worker: $0.key, pool: $0.value) }
    }

    private mutating func routerReady(_ id: UInt64) {
        var isNews = false
        changeRouters { isNews = $0.ready(id) }
        guard isNews, case .starting = phase else { return }
        phase = .running
        decision.isOpen = true
        serve()
    }

    /// Requests can be answered for the first time.
    private mutating func serve() {
        let hasOldRouter = isAdopting
        isAdopting = false
        decision.record(.started(sites: plan.routes.sites.count, pools: plan.pools.count))
        decision.add(.announce(.ready))
        if upgrade == .awaitingStart { replaceEverything(hasOldRouter: hasOldRouter) }
        forEachPool { $0.open(&$1) }
    }

    private mutating func routerGone(_ change: (inout RouterSupervision) -> Void) {
        changeRouters(change)
        switch phase {
        case .stopping:
            if routers.isEmpty { forEachPool { $0.retireAll(&$1) } }
            endWhenAlone()
        case .starting where routers.isHopeless:
            decision.record(.cannotStart(reason: "The router does not start."))
            end(1)
        case .opening, .starting, .running: break
        }
    }

    // MARK: Upgrade

    private mutating func requestUpgrade() {
        guard case .running = phase, upgrade == .none, !isAdopting else {
            return decision.record(
                .upgradeRefused(reason: "the server starts, ends, or is being upgraded already"))
        }
        upgrade = .checking
        decision.add(.checkNewVersion)
    }

    private mutating func newVersionChecked(_ problem: String?) {
        guard upgrade == .checking else { return }
        if let problem {
            upgrade = .none
            return decision.record(.upgradeRefused(reason: problem))
        }
        // Whoever asked for the end meanwhile gets it.
        guard case .running = phase else {
            upgrade = .none
            return
        }
        decision.add(.record(.upgradeStarted), .becomeNewVersion)
    }

    /// This is the new version: the router first, then the pools, so that each has a successor before it leaves.
    private mutating func replaceEverything(hasOldRouter: Bool) {
        upgrade = .router
        if hasOldRouter { changeRouters { _ = $0.replace() } }
    }

    private mutating func advanceUpgrade() {
        guard case .running = phase else { return }
        if upgrade == .router, !routers.isReplacing {
            upgrade = .pools(RollingUpgrade(pools: pools.keys.sorted(), lastWorker: decision.lastWorker))
        }
        guard case .pools(var rolling) = upgrade else { return }
        rolling.advance(&pools, &decision)
        upgrade = .pools(rolling)
        if rolling.isFinished {
            upgrade = .none
            decision.record(.upgradeFinished)
        }
    }

    // MARK: Time and the end

    private mutating func expired(_ deadline: Deadline) {
        switch deadline {
        case .endpointRetry(let endpoint): retry(endpoint)
        case .publication: if isPublishing { publish() }
        case .routerRestart: changeRouters { $0.start() }
        case .routerEnd(let id): changeRouters { $0.endIsDue(id) }
        // The pools'.
        default: break
        }
    }

    private mutating func stop() {
        if case .stopping = phase {
            changeRouters { $0.killAll() }
            forEachPool { $0.killAll(.serverStopping, &$1) }
            return endWhenAlone()
        }
        phase = .stopping
        decision.isOpen = false
        decision.add(.announce(.stopping), .record(.stopping))
        for endpoint in endpoints.sorted(by: { $0.port < $1.port }) { decision.add(.close(endpoint)) }
        endpoints = []
        forgetFailures { _ in false }
        guard !routers.isEmpty else {
            forEachPool { $0.retireAll(&$1) }
            return endWhenAlone()
        }
        // The router goes first: until it has its answers, the workers are needed.
        let serving = pools.values.lazy.filter { $0.workers.contains(where: \.isCurrent) }
        let limit = serving.map(\.plan.shutdownTimeLimit).max() ?? Self.shortestDrain
        changeRouters { $0.stop(within: limit) }
    }

    private mutating func endWhenAlone() {
        guard routers.isEmpty, decision.pools.isEmpty else { return }
        decision.record(.stopped)
        end(0)
    }

    private mutating func end(_ status: Int32) {
        phase = .stopping
        decision.isOpen = false
        decision.add(.end(status))
    }
}
