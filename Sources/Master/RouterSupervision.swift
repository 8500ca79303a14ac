import Wire

/// The life of the routers: one takes connections, and while it is replaced another runs beside it.
///
/// Pure: each call appends what is to be done to `actions`. What a newcomer is to be told is the supervision's to say
/// (`takeNewcomer`).
struct RouterSupervision {
    struct Router: Equatable, Sendable {
        enum State: Equatable, Sendable {
            case starting
            /// Takes connections.
            case ready
            /// Another one takes the connections, or the server ends: it finishes what it has.
            case leaving
            /// Was killed; its end is no news.
            case killed
        }

        let id: UInt64
        var state: State
    }

    /// How long until a router that fails again and again is started anew.
    private static let firstRestartDelay = Duration.milliseconds(100)
    private static let longestRestartDelay = Duration.seconds(5)
    /// So many failures in a row and the first start is given up.
    private static let hopeless = 3
    /// How long a router that was replaced may go on with requests that last.
    static let longestHandOver = Duration.seconds(3600)

    /// In the order of their start.
    private(set) var routers: [Router] = []
    private var failures = 0
    private var last: UInt64 = 0
    private var newcomer: UInt64?
    private var isStopping = false
    private var actions: [Action] = []

    // MARK: What there is

    var isEmpty: Bool { routers.isEmpty }

    /// Those that hear what routers are told.
    var listening: Set<UInt64> { Set(routers.lazy.filter { $0.state != .killed }.map(\.id)) }

    /// Whether one takes connections.
    var isReady: Bool { current != nil }

    private var current: Int? { routers.firstIndex { $0.state == .ready } }

    private func isLeft(_ id: UInt64) -> Bool { routers.contains { $0.id != id && $0.state == .ready } }

    /// Whether a first start is not worth another try.
    var isHopeless: Bool { failures >= Self.hopeless }

    /// Whether a second router is on its way to take over.
    var isReplacing: Bool { current != nil && routers.contains { $0.state == .starting } }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// The router that was started just now and knows nothing yet; asked after each call.
    mutating func takeNewcomer() -> UInt64? {
        defer { newcomer = nil }
        return newcomer
    }

    // MARK: What happens

    /// One of an earlier master runs. It is told to leave where it is on its way out already, or a younger one is there.
    mutating func adopt(_ id: UInt64, isDraining: Bool) {
        last = max(last, id)
        if let older = current, !isDraining { leave(older) }
        routers.append(Router(id: id, state: .ready))
        if isDraining { leave(routers.count - 1) }
    }

    /// Starts one where none takes connections or is about to.
    mutating func start() {
        guard !isStopping, !routers.contains(where: { $0.state == .ready || $0.state == .starting }) else { return }
        startAnother()
    }

    /// Starts one beside the one that takes connections; false where there is none, or one is on its way already.
    mutating func replace() -> Bool {
        guard !isStopping, current != nil, !isReplacing else { return false }
        startAnother()
        return true
    }

    private mutating func startAnother() {
        last += 1
        newcomer = last
        routers.append(Router(id: last, state: .starting))
        actions.append(.startRouter(last))
    }

    /// False where it is no news.
    mutating func ready(_ id: UInt64) -> Bool {
        guard let index = routers.firstIndex(where: { $0.id == id }), routers[index].state == .starting else {
            return false
        }
        failures = 0
        let old = current
        routers[index].state = .ready
        if let old {
            actions.append(.record(.routerReplaced))
            leave(old)
        } else {
            actions.append(.record(.routerStarted))
        }
        return true
    }

    private mutating func leave(_ index: Int) {
        routers[index].state = .leaving
        let id = routers[index].id
        actions += [.tellOneRouter(id, .handOver), .start(.routerEnd(id), after: Self.longestHandOver)]
    }

    mutating func ended(_ id: UInt64, _ end: ProcessEnd) {
        guard let index = routers.firstIndex(where: { $0.id == id }) else { return }
        let router = routers.remove(at: index)
        if router.state == .leaving || router.state == .killed { actions.append(.cancel(.routerEnd(id))) }
        switch router.state {
        case .killed: break
        case .leaving where end.goodbye != nil: if !isStopping { actions.append(.record(.routerLeft(end))) }
        case .leaving: actions.append(.record(.routerBroke(end)))
        case .starting where isLeft(id): actions.append(.record(.routerNotReplaced(reason: "it ended at once")))
        case .starting, .ready:
            actions.append(.record(.routerCrashed(end)))
            return failed(wasReady: router.state == .ready)
        }
        if router.state == .killed { failed(wasReady: true) }
    }

    mutating func cannotStart(_ id: UInt64, _ reason: String) {
        guard let index = routers.firstIndex(where: { $0.id == id }) else { return }
        routers.remove(at: index)
        newcomer = nil
        if isLeft(id) { return actions.append(.record(.routerNotReplaced(reason: reason))) }
        actions.append(.record(.routerCannotStart(reason: reason)))
        failed(wasReady: false)
    }

    private mutating func failed(wasReady: Bool) {
        guard !isStopping, !routers.contains(where: { $0.state == .ready || $0.state == .starting }) else { return }
        failures += 1
        guard !wasReady else { return startAnother() }
        let delay = Self.firstRestartDelay * (1 << min(failures - 1, 10))
        actions.append(.start(.routerRestart, after: min(delay, Self.longestRestartDelay)))
    }

    /// The router's time to end is over.
    mutating func endIsDue(_ id: UInt64) {
        guard let index = routers.firstIndex(where: { $0.id == id }) else { return }
        actions.append(.record(.routerTrouble("it has not finished within its time and is killed")))
        kill(index)
    }

    private mutating func kill(_ index: Int) {
        guard routers[index].state != .killed else { return }
        routers[index].state = .killed
        actions.append(.killRouter(routers[index].id))
    }

    /// The server ends: everything that is connected has `limit` to finish.
    mutating func stop(within limit: Duration) {
        isStopping = true
        actions.append(.cancel(.routerRestart))
        for index in routers.indices where routers[index].state != .killed {
            routers[index].state = .leaving
            let id = routers[index].id
            actions += [.tellOneRouter(id, .drain), .start(.routerEnd(id), after: limit)]
        }
    }

    /// There is no more patience.
    mutating func killAll() {
        isStopping = true
        for index in routers.indices { kill(index) }
    }
}
