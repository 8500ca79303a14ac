import EventLoop
import Platform
import Wire

/// Asks roles one question, and gathers what they answer.
final class RoleCensus<Answer>: TimerHandler {
    /// Of whoever does not answer by then (one that is suspended cannot) nothing is known. Unit: nanoseconds.
    private static var patience: UInt64 { 1_000_000_000 }

    private let roles: [RoleProcess]
    private let loop: EventLoop
    private var waiting: Set<Int32>
    private var found: [Int32: Answer] = [:]
    private let timer = Timer()
    private var done: (([Int32: Answer]) -> Void)?

    /// `done` is called once, with the answers by the roles' process ids.
    init(of roles: [RoleProcess], on loop: EventLoop, done: @escaping ([Int32: Answer]) -> Void) {
        self.roles = roles
        self.loop = loop
        self.done = done
        waiting = Set(roles.map(\.process.pid))
    }

    func ask(_ question: ControlMessage) {
        for role in roles { role.send(question) }
        loop.start(timer, after: Self.patience, self)
        finishWhenComplete()
    }

    func received(_ answer: Answer, from pid: Int32) {
        guard waiting.remove(pid) != nil else { return }
        found[pid] = answer
        finishWhenComplete()
    }

    /// The process has ended.
    func ended(_ pid: Int32) {
        guard waiting.remove(pid) != nil else { return }
        finishWhenComplete()
    }

    func timerFired(_ timer: Timer) { finish() }

    private func finishWhenComplete() {
        if waiting.isEmpty { finish() }
    }

    private func finish() {
        guard let done else { return }
        self.done = nil
        loop.cancel(timer)
        done(found)
    }
}
