import Events
import Platform
import Wire

/// Something that happened and that supervision decides about.
enum Occurrence: Equatable, Sendable {
    /// What an earlier master left running; before `began`. Its workers are told the configuration as it is now. Where
    /// what a pool's processes begin with may have changed meanwhile, `reconfigured` follows with the same plan and says so.
    case found(Found)
    /// What an earlier master of this server knew; before `began`.
    case remembered(Standing)
    /// The first plan, right after the start.
    case began(HostingPlan)
    /// A later plan, and what it means for the workers that run.
    case reconfigured(HostingPlan, [UInt32: PoolChange])
    case opened(Endpoint)
    case openingFailed(Endpoint, reason: String)
    case routerReady(UInt64)
    case routerEnded(UInt64, ProcessEnd)
    case routerCannotStart(UInt64, reason: String)
    /// The router has requests for a pool and no worker to give them to.
    case activationWanted(pool: UInt32)
    /// Something the router cannot do, in words.
    case routerTrouble(String)
    /// The router lost a worker's link; the reason is empty where the worker closed it.
    case linkBroken(worker: UInt64, reason: String)
    case workerReady(UInt64)
    /// Something a worker cannot do, in words.
    case workerTrouble(UInt64, String)
    case workerEnded(UInt64, ProcessEnd)
    case workerCannotStart(UInt64, reason: String)
    /// The settings of its pool leave the worker without what it needs: trying again does not help.
    case poolUnusable(UInt64, reason: String)
    /// The pool took all the processor time it may have, and gets no more for the time of `rest`.
    case cpuLimitReached(pool: UInt32, rest: Duration)
    /// It has had no request for as long as its pool lets a worker be idle.
    case workerIdle(UInt64)
    /// A router has given back its links to the worker, as `unlink` asked; where `isQuiet` is false it has not, since a
    /// request came.
    case workerUnlinked(UInt64, router: UInt64, isQuiet: Bool)
    /// It has served as many requests as its pool lets a worker serve.
    case workerReachedRequestLimit(UInt64)
    /// What it read of its applications' configuration asks for another process.
    case workerWantsRecycling(UInt64)
    case workerAnsweredPing(UInt64, value: UInt64)
    /// What was asked for with `sampleWorker`.
    case workerSampled(UInt64, WorkerSample)
    /// What was asked for with `readClock`: seconds since 1970 as the local clock shows them.
    case clockShows(pool: UInt32, local: Int64)
    /// By an administrator, as the next four.
    case recycleRequested(pool: UInt32)
    case poolStopRequested(pool: UInt32)
    case poolStartRequested(pool: UInt32)
    case siteStopRequested(id: UInt32)
    case siteStartRequested(id: UInt32)
    case expired(Deadline)
    /// `hostelry upgrade` or SIGUSR2: the version on disk is to take over.
    case upgradeRequested
    /// What was asked for with `checkNewVersion`: why it cannot take over, nil where it can.
    case newVersionChecked(problem: String?)
    /// SIGTERM or Ctrl-C; the second time there is no more patience.
    case stopRequested
}

/// What a changed configuration means for the workers of a pool.
enum PoolChange: Equatable, Sendable {
    /// They are told what is new.
    case settings
    /// What a process begins with is different: another one takes over.
    case process
}

/// How a process ended.
struct ProcessEnd: Equatable, Sendable {
    enum Cause: Equatable, Sendable {
        case status(Int32)
        case signal(Int32)
        /// It was not this master's child, so only its goodbye says anything.
        case unknown
    }

    let pid: Int32
    let cause: Cause
    /// What it said before it ended; nil where it said nothing, which is a crash.
    let goodbye: String?
    /// How many requests it had, as it said with its goodbye.
    var requests: UInt64?
    /// Why supervision wanted it to end, as the event that tells of that; nil where it did not.
    var reason: EventKind?
}

/// A time by which something is to have happened.
enum Deadline: Hashable, Sendable {
    case workerStart(UInt64)
    case workerEnd(UInt64)
    /// When a sign of life is asked for.
    case workerPing(UInt64)
    /// By when it must have come.
    case workerPong(UInt64)
    /// When the worker has lived as long as its pool lets one live.
    case workerLifetime(UInt64)
    /// When what it uses is looked at.
    case workerSample(UInt64)
    /// Until then a failing pool's next worker waits.
    case poolStart(UInt32)
    /// When a scheduled time of day may have come.
    case poolSchedule(UInt32)
    case endpointRetry(Endpoint)
    /// Workers have had their time to take a changed configuration over.
    case publication
    case routerRestart
    /// A pool that took too much processor time may run again.
    case poolRest(UInt32)
    case routerEnd(UInt64)
}

/// What the shell is to do.
enum Action: Equatable, Sendable {
    /// Answered by `opened` or `openingFailed`.
    case open(Endpoint)
    case close(Endpoint)
    /// Answered by `routerReady`, `routerCannotStart` or `routerEnded`.
    case startRouter(UInt64)
    /// Every one that runs. `listen` takes the socket along; `linkReady` a new link, whose other end goes to the worker.
    case tellRouter(ControlMessage)
    case tellOneRouter(UInt64, ControlMessage)
    case killRouter(UInt64)
    /// Answered by `workerReady`, `workerCannotStart` or `workerEnded`.
    case startWorker(UInt64, pool: UInt32)
    /// Tells it its pool's part of the configuration again.
    case configureWorker(UInt64)
    case drainWorker(UInt64)
    /// Stops its processes where they are.
    case suspendWorker(UInt64)
    /// Lets them run again.
    case resumeWorker(UInt64)
    case killWorker(UInt64)
    /// Answered by `workerAnsweredPing` with the same value.
    case pingWorker(UInt64, value: UInt64)
    /// Answered by `workerSampled`; not at all where nothing can be learnt.
    case sampleWorker(UInt64)
    /// Lets the process run on as nobody's, and starts the command about it.
    case orphanWorker(UInt64, PoolLife.Command?)
    /// Answered by `clockShows`.
    case readClock(pool: UInt32)
    /// Starts an administrator's program on behalf of the pool.
    case run(PoolLife.Command, pool: UInt32)
    /// Answered by `newVersionChecked`.
    case checkNewVersion
    /// Answered by `newVersionChecked` where it fails; where it does not, this is the last action of all.
    case becomeNewVersion
    /// The supervision's `standing` has changed: it is to be written down for the next master.
    case keepStanding
    case start(Deadline, after: Duration)
    case cancel(Deadline)
    case record(Report)
    /// Tells the service manager.
    case announce(ServiceState)
    /// Nothing is left to do: end with this status.
    case end(Int32)
}

enum ServiceState: Equatable, Sendable {
    case ready
    case stopping
}

/// Whose business something is.
enum Subject: Equatable, Sendable {
    case server
    case pool(UInt32)
    case worker(UInt64)
}

extension Occurrence {
    var subject: Subject {
        switch self {
        case .activationWanted(let pool), .recycleRequested(let pool), .poolStopRequested(let pool),
            .poolStartRequested(let pool), .clockShows(let pool, _), .cpuLimitReached(let pool, _):
            .pool(pool)
        case .linkBroken(let worker, _), .workerReady(let worker), .workerTrouble(let worker, _),
            .workerEnded(let worker, _), .workerCannotStart(let worker, _), .poolUnusable(let worker, _),
            .workerIdle(let worker), .workerUnlinked(let worker, _, _),
            .workerReachedRequestLimit(let worker), .workerWantsRecycling(let worker),
            .workerAnsweredPing(let worker, _), .workerSampled(let worker, _):
            .worker(worker)
        case .expired(let deadline): deadline.subject
        case .found, .remembered, .began, .reconfigured, .opened, .openingFailed, .routerReady, .routerEnded,
            .routerCannotStart,
            .routerTrouble, .siteStopRequested, .siteStartRequested, .upgradeRequested, .newVersionChecked,
            .stopRequested:
            .server
        }
    }
}

extension Deadline {
    var subject: Subject {
        switch self {
        case .workerStart(let worker), .workerEnd(let worker), .workerPing(let worker), .workerPong(let worker),
            .workerLifetime(let worker), .workerSample(let worker):
            .worker(worker)
        case .poolStart(let pool), .poolSchedule(let pool), .poolRest(let pool): .pool(pool)
        case .endpointRetry, .publication, .routerRestart, .routerEnd: .server
        }
    }

    /// In which order a worker's timers are cancelled.
    var rank: Int {
        switch self {
        case .workerStart: 0
        case .workerEnd: 1
        case .workerPing: 2
        case .workerPong: 3
        case .workerLifetime: 4
        case .workerSample: 5
        case .poolStart, .poolSchedule, .poolRest, .endpointRetry, .publication, .routerRestart, .routerEnd: 6
        }
    }
}
