import Platform
import Wire

/// Something that happened and that supervision decides about.
enum Occurrence: Equatable, Sendable {
    /// The first plan, right after the start.
    case began(HostingPlan)
    /// A later plan, and what it means for the workers that run.
    case reconfigured(HostingPlan, [UInt32: PoolChange])
    case opened(Endpoint)
    case openingFailed(Endpoint, reason: String)
    case routerReady
    case routerEnded(ProcessEnd)
    case routerCannotStart(reason: String)
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
    case expired(Deadline)
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
    }

    let pid: Int32
    let cause: Cause
    /// What it said before it ended; nil where it said nothing, which is a crash.
    let goodbye: String?
}

/// A time by which something is to have happened.
enum Deadline: Hashable, Sendable {
    case workerStart(UInt64)
    case workerEnd(UInt64)
    case endpointRetry(Endpoint)
    /// Workers have had their time to take a changed configuration over.
    case publication
    case routerRestart
    /// A pool that took too much processor time may run again.
    case poolRest(UInt32)
    case routerEnd
}

/// What the shell is to do.
enum Action: Equatable, Sendable {
    /// Answered by `opened` or `openingFailed`.
    case open(Endpoint)
    case close(Endpoint)
    /// Answered by `routerReady`, `routerCannotStart` or `routerEnded`.
    case startRouter
    /// `listen` takes the socket along; `linkReady` a new link, whose other end goes to the worker.
    case tellRouter(ControlMessage)
    case killRouter
    /// Answered by `workerReady`, `workerCannotStart` or `workerEnded`.
    case startWorker(UInt64, pool: UInt32)
    /// Tells it its pool's part of the configuration again.
    case configureWorker(UInt64)
    case drainWorker(UInt64)
    case killWorker(UInt64)
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
