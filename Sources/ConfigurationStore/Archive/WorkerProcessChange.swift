internal import Administration
internal import Events

/// What an event says of the worker processes that there are.
enum WorkerProcessChange: Equatable {
    struct Worker: Equatable {
        let pool: String
        /// The server's number for it.
        let number: Int64
        let pid: Int64?
    }

    enum Outcome: String {
        case exited, crashed, killed, orphaned, unstarted, lost
    }

    struct End: Equatable {
        let outcome: Outcome
        var exitCode: Int64?
        var signal: Int64?
        /// The name of an event.
        var reason: String?
        var requests: Int64?
    }

    case started(Worker)
    case ready(Worker)
    case ended(Worker, End)
    /// A master begins, and has not said yet which workers it goes on with.
    case masterBegan
    /// It goes on with these process ids.
    case adopted([Int64])

    /// Nil for an event that says nothing of them.
    init?(_ event: Event) {
        // Other sources' numbers mean other things.
        guard event.kind.source == .server else { return nil }
        switch event.kind.id {
        case EventKind.serverStarting.id: self = .masterBegan
        case EventKind.rolesAdopted.id:
            self = .adopted((event.text(of: "workers") ?? "").split(separator: " ").compactMap { Int64($0) })
        default:
            guard let pool = EventObject.poolName(of: event.object), let number = event.number(of: "worker") else {
                return nil
            }
            self.init(event, Worker(pool: pool, number: number, pid: event.number(of: "pid")))
        }
    }

    private init?(_ event: Event, _ worker: Worker) {
        func end(_ outcome: Outcome) -> WorkerProcessChange {
            .ended(
                worker,
                End(
                    outcome: outcome, exitCode: event.number(of: "status"), signal: event.number(of: "signal"),
                    reason: event.text(of: "reason"), requests: event.number(of: "requests")))
        }
        switch event.kind.id {
        case EventKind.workerStarted.id: self = .started(worker)
        case EventKind.workerReady.id: self = .ready(worker)
        case EventKind.workerEnded.id: self = end(.exited)
        case EventKind.workerCrashed.id: self = end(.crashed)
        case EventKind.workerKilled.id: self = end(.killed)
        case EventKind.workerCannotStart.id, EventKind.poolUnusable.id:
            self = .ended(worker, End(outcome: .unstarted, reason: event.kind.name))
        case EventKind.workerUnresponsive.id where event.number(of: "orphaned") != nil:
            self = .ended(worker, End(outcome: .orphaned, reason: event.kind.name))
        default: return nil
        }
    }
}

extension Event {
    fileprivate func number(of name: String) -> Int64? {
        if case .number(let number) = fields.first(where: { $0.name == name })?.value { number } else { nil }
    }

    fileprivate func text(of name: String) -> String? {
        if case .text(let text) = fields.first(where: { $0.name == name })?.value { text } else { nil }
    }
}
