import EventLoop
import Events
import Glibc
import Platform
import Wire

/// Takes over what earlier masters left running: connects to each role of the registry, checks who is there, and hears
/// its report. What cannot be taken over is ended, so that nothing runs that nobody knows.
///
/// A role waits for its next master from the moment it notices that its own is gone, which may be a moment after this
/// one began: it is asked again and again, within bounds.
final class Adoption: RoleObserver {
    /// How long a role may take to answer. Unit: nanoseconds.
    private static let patience: UInt64 = 5_000_000_000
    /// How long until one that does not listen yet is asked again; doubled each time. Unit: nanoseconds.
    private static let firstPause: UInt64 = 1_000_000
    private static let longestPause: UInt64 = 64_000_000

    /// A role that was taken over, with what it said of itself.
    struct Role {
        let kind: RegisteredRole.Kind
        let process: RoleProcess
        let report: Report
        /// What it said behind its report.
        let afterwards: [ControlMessage]
        /// How long it has run. Unit: nanoseconds.
        let age: UInt64

        enum Report {
            case router(RouterReport)
            case worker(WorkerReport)
        }
    }

    private final class Candidate {
        enum State {
            /// Asked again at that time.
            case waiting(until: UInt64, pause: UInt64)
            case asked
            case adopted(Role.Report)
            /// It speaks no version of ours: it drains by itself.
            case obsolete
            case refused(String)
            case ended
        }

        let token: String
        let role: RegisteredRole
        var state = State.waiting(until: 0, pause: Adoption.firstPause)
        /// From before the first attempt on, so that its number cannot come to mean another process.
        let held: RunningProcess
        var process: RoleProcess?
        var afterwards: [ControlMessage] = []

        init(_ token: String, _ role: RegisteredRole, _ held: RunningProcess) {
            self.token = token
            self.role = role
            self.held = held
        }
    }

    private let registry: RoleRegistry
    private let loop: EventLoop
    private let log: any EventRecorder
    private var candidates: [Candidate] = []

    init(_ registry: RoleRegistry, on loop: EventLoop, log: any EventRecorder) {
        self.registry = registry
        self.loop = loop
        self.log = log
    }

    /// What was taken over. `isLeaving` are roles of a version that shares none with ours: they end by themselves.
    struct Result {
        var adopted: [Role] = []
        var leaving: [RoleProcess] = []
    }

    /// Turns the loop until every role has answered or had its time.
    func run() throws -> Result {
        for (token, role) in try registry.roles() { try consider(token, role) }
        let end = MonotonicClock.nanoseconds() + Self.patience
        while let next = nextAttempt() {
            let now = MonotonicClock.nanoseconds()
            guard now < end else { break }
            for candidate in candidates {
                if case .waiting(let time, let pause) = candidate.state, time <= now { ask(candidate, pause) }
            }
            let wait = min(next, end) > now ? (min(next, end) - now + 999_999) / 1_000_000 : 0
            loop.turn(maximumWait: Int32(clamping: wait))
        }
        return finish()
    }

    private func consider(_ token: String, _ role: RegisteredRole) throws {
        guard let process = role.process, let held = try RunningProcess.find(process.identity) else {
            log.record(
                Event(
                    .roleLost, "\(role.kind.title) ended while no master ran.",
                    [.init("pid", role.process?.identity.pid ?? 0)]))
            return try registry.remove(token)
        }
        // The master before may have suspended it.
        if case .worker = role.kind { held.signalGroup(SIGCONT) }
        candidates.append(Candidate(token, role, held))
    }

    /// When the next thing is to be done: now, at a pause's end, or when somebody who was asked answers; nil when nobody
    /// is waited for.
    private func nextAttempt() -> UInt64? {
        candidates.compactMap { candidate in
            switch candidate.state {
            case .waiting(let time, _): time
            case .asked: UInt64.max
            case .adopted, .obsolete, .refused, .ended: nil
            }
        }.min()
    }

    private func ask(_ candidate: Candidate, _ pause: UInt64) {
        do throws(SystemError) {
            switch try registry.connection(to: candidate.token) {
            case .connected(let connection): try connect(candidate, connection)
            case .absent: candidate.state = .refused("its socket is gone")
            case .refused:
                if try candidate.held.exit() != nil {
                    candidate.state = .ended
                    return
                }
                candidate.state = .waiting(
                    until: MonotonicClock.nanoseconds() + pause, pause: min(pause * 2, Self.longestPause))
            }
        } catch {
            candidate.state = .refused("\(error)")
        }
    }

    private func connect(_ candidate: Candidate, _ connection: consuming FileDescriptor) throws(SystemError) {
        let peer = try connection.peer()
        // Who listens there is the process that the registry means, and no other that has its number now: that one is
        // held since before the connection was made.
        guard let process = candidate.role.process, peer.pid == process.identity.pid, peer.user == process.user else {
            candidate.state = .refused("process \(peer.pid) of user \(peer.user) answers in its place")
            return
        }
        let worker: UInt64? = if case .worker(let number, _, _, _) = candidate.role.kind { number } else { nil }
        candidate.process = try RoleProcess(
            StartedRole(process: candidate.held, control: connection), worker: worker, token: candidate.token, on: loop,
            observer: self)
        candidate.state = .asked
    }

    private func finish() -> Result {
        var result = Result()
        for candidate in candidates {
            switch (candidate.state, candidate.process) {
            case (.adopted(let report), let process?):
                guard let identity = candidate.role.process?.identity else { continue }
                result.adopted.append(
                    Role(
                        kind: candidate.role.kind, process: process, report: report,
                        afterwards: candidate.afterwards, age: identity.age))
            case (.obsolete, let process?):
                tell(candidate, "it speaks none of our versions; it finishes what it has and ends")
                result.leaving.append(process)
            case (.ended, _):
                log.record(Event(.roleLost, "\(candidate.role.kind.title) ended.", [.init("pid", candidate.held.pid)]))
                try? registry.remove(candidate.token)
            case (.refused(let reason), _): end(candidate, reason)
            default: end(candidate, "it does not answer")
            }
        }
        return result
    }

    /// What nobody can talk to is ended.
    private func end(_ candidate: Candidate, _ reason: String) {
        tell(candidate, "\(reason); it is ended")
        _ = candidate.held.kill(timeout: 5000)
        // Where it is this process's own child, nobody else would.
        if let process = candidate.process { process.forget() } else { _ = try? candidate.held.exit() }
        try? registry.remove(candidate.token)
    }

    private func tell(_ candidate: Candidate, _ reason: String) {
        log.record(
            Event(
                .roleNotAdopted, "\(candidate.role.kind.title) cannot be taken over: \(reason).",
                [.init("pid", candidate.held.pid)]))
    }

    // MARK: What the roles say

    private func candidate(_ role: RoleProcess) -> Candidate? { candidates.first { $0.process === role } }

    func received(_ message: ControlMessage, from role: RoleProcess) {
        guard let candidate = candidate(role) else { return }
        if case .adopted = candidate.state { return candidate.afterwards.append(message) }
        guard case .asked = candidate.state else { return }
        switch (message, candidate.role.kind) {
        case (.routerReport(let report), .router): candidate.state = .adopted(.router(report))
        case (.workerReport(let report), .worker): candidate.state = .adopted(.worker(report))
        // A worker that is about to end says so.
        case (.hello, _), (.goodbye, _), (.trouble, _), (.counts, _), (.moduleEvent, .worker): break
        default: candidate.state = .refused("it speaks out of turn")
        }
    }

    func ended(_ role: RoleProcess, _ end: ProcessEnd) { candidate(role)?.state = .ended }

    func fellSilent(_ role: RoleProcess, reason: String) {
        guard let candidate = candidate(role) else { return }
        candidate.state =
            role.hasNoCommonVersion ? .obsolete : .refused("it broke off\(reason.isEmpty ? "" : ": \(reason)")")
    }
}
