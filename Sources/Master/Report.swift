import Events
import Wire

/// What supervision reports, before it is put into words.
enum Report: Equatable, Sendable {
    case started(sites: Int, pools: Int)
    case cannotStart(reason: String)
    case stopping
    case stopped
    case configurationApplied
    case endpointOpened(Endpoint, sites: [String])
    case endpointClosed(Endpoint)
    case endpointFailed(Endpoint, sites: [String], reason: String)
    case upgradeStarted
    case upgradeRefused(reason: String)
    case upgradeFinished
    case routerStarted
    case routerReplaced
    case routerNotReplaced(reason: String)
    case routerLeft(ProcessEnd)
    case routerBroke(ProcessEnd)
    case routerCrashed(ProcessEnd)
    case routerCannotStart(reason: String)
    case routerTrouble(String)
    case poolOffline(pool: String, crashes: Int)
    case workerStarted(UInt64, pool: String)
    case workerReady(UInt64, pool: String)
    case workerTrouble(UInt64, pool: String, String)
    case workerEnded(UInt64, pool: String, ProcessEnd)
    case workerCrashed(UInt64, pool: String, ProcessEnd)
    case workerKilled(UInt64, pool: String, ProcessEnd)
    case workerCannotStart(UInt64, pool: String, reason: String)
    case poolUnusable(UInt64, pool: String, reason: String)
    case workerMisbehaved(UInt64, pool: String, reason: String)
    case workerStartedTooSlowly(UInt64, pool: String)
    case workerEndedTooSlowly(UInt64, pool: String)
    case workerUnresponsive(UInt64, pool: String, isOrphaned: Bool)
    case workerIdle(UInt64, pool: String)
    case workerSuspended(UInt64, pool: String)
    case workerResumed(UInt64, pool: String)
    case workerRecycled(UInt64, pool: String, RecycleReason)
    case workerKept(UInt64, pool: String)
    case demandStartRefused(pool: String, limit: Int)
    case poolStopped(pool: String)
    case poolStarted(pool: String)
    case siteStopped(site: String)
    case siteStarted(site: String)

    /// The report in words.
    var event: Event {
        switch self {
        case .started(let sites, let pools):
            Event(.serverStarted, "Sites are served.", [.init("sites", sites), .init("pools", pools)])
        case .cannotStart(let reason): Event(.serverCannotStart, reason)
        case .stopping: Event(.serverStopping, "No new connection is taken; requests in work are finished.")
        case .stopped: Event(.serverStopped, "Everything has ended.")
        case .configurationApplied: Event(.configurationApplied, "The configuration was read again and is in force.")
        case .endpointOpened(let endpoint, let sites):
            Event(.endpointOpened, "Endpoint \(endpoint.text)", "Open for \(Self.list(sites)).")
        case .endpointClosed(let endpoint): Event(.endpointClosed, "Endpoint \(endpoint.text)", "Closed.")
        case .endpointFailed(let endpoint, let sites, let reason):
            Event(
                .endpointFailed, "Endpoint \(endpoint.text)",
                "Cannot be opened: \(reason). Not reachable here: \(Self.list(sites)).")
        case .upgradeStarted: Event(.upgradeStarted, "The version on disk takes over.")
        case .upgradeRefused(let reason):
            Event(.upgradeRefused, "There is no upgrade: \(reason). Everything goes on as it was.")
        case .upgradeFinished: Event(.upgradeFinished, "Router and workers run in the version of the master.")
        case .routerReplaced:
            Event(.routerReplaced, "The new router takes connections; the old one finishes what it has.")
        case .routerNotReplaced(let reason):
            Event(.routerCannotStart, "The router is not replaced: \(reason). The old one goes on.")
        case .routerLeft(let end): Event(.routerLeft, "The router that was replaced has ended.", end.fields)
        case .routerBroke(let end):
            Event(.routerCrashed, "The router ended \(end.manner) before it had finished what it had.", end.fields)
        case .routerStarted: Event(.routerStarted, "The router takes connections.")
        case .routerCrashed(let end):
            Event(.routerCrashed, "The router ended \(end.manner); another one is started.", end.fields)
        case .routerCannotStart(let reason): Event(.routerCannotStart, "The router cannot be started: \(reason).")
        case .routerTrouble(let text): Event(.routerTrouble, "The router: \(text).")
        case .workerStarted(let worker, let pool):
            Event(.workerStarted, Self.object(pool), "A worker is starting.", [.init("worker", worker)])
        case .poolOffline(let pool, let crashes):
            Event(
                .poolOffline, Self.object(pool),
                "Rapid-fail protection stops the pool: \(crashes) crashes within rapidFailProtectionInterval. Requests are "
                    + "answered 503 until it is started by hand or its configuration changes.")
        case .workerReady(let worker, let pool):
            Event(.workerReady, Self.object(pool), "The worker takes requests.", [.init("worker", worker)])
        case .workerTrouble(let worker, let pool, let text):
            Event(.workerTrouble, Self.object(pool), "\(text).", [.init("worker", worker)])
        case .workerEnded(let worker, let pool, let end):
            Event(
                .workerEnded, Self.object(pool), "The worker ended\(end.goodbye.map { ": \($0)" } ?? "").",
                [.init("worker", worker)] + end.fields)
        case .workerCrashed(let worker, let pool, let end):
            Event(
                .workerCrashed, Self.object(pool),
                "The worker ended \(end.manner). Its requests failed; the next one starts another worker.",
                [.init("worker", worker)] + end.fields)
        case .workerKilled(let worker, let pool, let end):
            Event(
                .workerKilled, Self.object(pool), "The worker that was killed has ended.",
                [.init("worker", worker)] + end.fields)
        case .workerCannotStart(let worker, let pool, let reason):
            Event(
                .workerCannotStart, Self.object(pool), "A worker cannot be started: \(reason).",
                [.init("worker", worker)])
        case .poolUnusable(let worker, let pool, let reason):
            Event(
                .poolUnusable, Self.object(pool),
                "The pool cannot run: \(reason). Requests are answered 503 until its settings change or it is started by hand.",
                [.init("worker", worker)])
        case .workerMisbehaved(let worker, let pool, let reason):
            Event(
                .workerMisbehaved, Self.object(pool), "The worker broke the protocol and is killed: \(reason).",
                [.init("worker", worker)])
        case .workerStartedTooSlowly(let worker, let pool):
            Event(
                .workerStartedTooSlowly, Self.object(pool),
                "The worker did not become ready within startupTimeLimit and is killed.", [.init("worker", worker)])
        case .workerEndedTooSlowly(let worker, let pool):
            Event(
                .workerEndedTooSlowly, Self.object(pool),
                "The worker did not end within shutdownTimeLimit and is killed.", [.init("worker", worker)])
        case .workerUnresponsive(let worker, let pool, let isOrphaned):
            Event(
                .workerUnresponsive, Self.object(pool),
                "The worker gave no sign of life within pingResponseTime"
                    + (isOrphaned
                        ? "; its process is left running, for whoever wants to look at it." : " and is killed."),
                [.init("worker", worker)] + (isOrphaned ? [.init("orphaned", 1)] : []))
        case .workerIdle(let worker, let pool):
            Event(
                .workerIdle, Self.object(pool), "The worker had no request for idleTimeout and ends.",
                [.init("worker", worker)])
        case .workerSuspended(let worker, let pool):
            Event(
                .workerSuspended, Self.object(pool),
                "The worker had no request for idleTimeout and is suspended; the next request lets it run again.",
                [.init("worker", worker)])
        case .workerResumed(let worker, let pool):
            Event(
                .workerResumed, Self.object(pool), "A request came: the worker that was suspended runs again.",
                [.init("worker", worker)])
        case .workerRecycled(let worker, let pool, let reason):
            Event(
                reason.event, Self.object(pool), "The worker is replaced: \(reason.text).", [.init("worker", worker)])
        case .workerKept(let worker, let pool):
            Event(
                .workerKept, Self.object(pool), "The worker that was to replace this one did not start; it goes on.",
                [.init("worker", worker)])
        case .demandStartRefused(let pool, let limit):
            Event(
                .demandStartRefused, Self.object(pool),
                "The pool is not started: \(limit) pools have workers, as many as webLimits.demandStartThreshold allows. "
                    + "Requests are answered 503.")
        case .poolStopped(let pool):
            Event(.poolStopped, Self.object(pool), "Stopped by hand; requests are answered 503.")
        case .poolStarted(let pool): Event(.poolStarted, Self.object(pool), "Started by hand.")
        case .siteStopped(let site): Event(.siteStopped, Self.site(site), "Stopped by hand.")
        case .siteStarted(let site): Event(.siteStarted, Self.site(site), "Started by hand.")
        }
    }

    private static func site(_ name: String) -> String { EventObject.site(name) }

    /// The worker that it is about, while there is one.
    var worker: UInt64? {
        switch self {
        case .workerStarted(let worker, _), .workerReady(let worker, _), .workerTrouble(let worker, _, _),
            .workerMisbehaved(let worker, _, _), .workerStartedTooSlowly(let worker, _),
            .workerEndedTooSlowly(let worker, _), .workerUnresponsive(let worker, _, _), .workerIdle(let worker, _),
            .workerSuspended(let worker, _), .workerResumed(let worker, _), .workerRecycled(let worker, _, _),
            .workerKept(let worker, _):
            worker
        // The others are about none, or about one whose process is no more.
        default: nil
        }
    }

    static func object(_ pool: String) -> String { EventObject.pool(pool) }

    /// The first few names, and how many there are beyond them.
    private static func list(_ sites: [String]) -> String {
        let names = sites.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
        if sites.count > 5 { return "\(names) and \(sites.count - 5) more sites" }
        return sites.count == 1 ? "the site \(names)" : "the sites \(names)"
    }
}

extension ProcessEnd {
    /// For example `on signal 11 (SIGSEGV)`, without the blank before it.
    fileprivate var manner: String {
        switch cause {
        case .status(let status): "with status \(status)"
        case .unknown: "without a goodbye"
        case .signal(let number): "on signal \(number)\(Self.signals[number].map { " (\($0))" } ?? "")"
        }
    }

    fileprivate var fields: [Event.Field] {
        var fields = [Event.Field("pid", pid)]
        switch cause {
        case .status(let status): fields.append(.init("status", status))
        case .signal(let number): fields.append(.init("signal", number))
        case .unknown: break
        }
        if let requests { fields.append(.init("requests", requests)) }
        if let reason { fields.append(.init("reason", reason.name)) }
        return fields
    }

    private static let signals: [Int32: String] = [
        3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV",
        15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
    ]
}

extension Endpoint {
    /// As a binding writes it: `*:80`, `127.0.0.1:80`, `[::1]:80`.
    var text: String {
        if address == .any { return "*:\(port)" }
        var bytes: [UInt8] = []
        address.appendText(to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        return address.v4 == nil ? "[\(text)]:\(port)" : "\(text):\(port)"
    }
}
