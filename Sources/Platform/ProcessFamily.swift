internal import CPlatform
internal import Glibc

/// A process that this one started and all that comes of it, in whatever group or session: nothing of it gets away.
///
/// This process adopts descendants (`CurrentProcess.adoptDescendants`), so that whoever's parent has ended is one of its
/// children. Among these, kin is known by the leader's process group and by a mark in the environment. Whoever shed both is
/// a stranger; where there is only one family, strangers are its own.
public struct ProcessFamily: Sendable {
    public let leader: RunningProcess.Identity
    /// A variable that the leader was given, as `NAME=VALUE`, and that no other process has.
    public let mark: String

    public init(leader: RunningProcess.Identity, mark: String) {
        self.leader = leader
        self.mark = mark
    }

    /// Those that run, the leader first and then the nearest.
    public func members() -> [Int32] {
        let (table, started) = StartedChildren.table()
        return members(in: table, started: started, withStrangers: false, isMarked: isMarked).map(\.pid)
    }

    /// Asks those to end (SIGTERM) that have left the leader's process group, which `kill` does not reach.
    public func terminateOutsideGroup() {
        let (table, started) = StartedChildren.table()
        for member in members(in: table, started: started, withStrangers: false, isMarked: isMarked)
        where member.group != leader.pid {
            if let process = (try? RunningProcess.find(member.identity)) ?? nil { process.signal(SIGTERM) }
        }
    }

    /// Ends all of them, and waits until they have ended, `timeout` milliseconds at most.
    ///
    /// Each is stopped before any is ended: what is stopped starts nothing that would be missed. The leader, ended or not,
    /// has not been asked for its exit, so that its group is still its own.
    public func end(withStrangers: Bool, timeout: UInt64) {
        let limit = MonotonicClock.nanoseconds() + timeout * 1_000_000
        // A second round finds who was being born in the first.
        for _ in 0..<8 {
            let stopped = stopAll(withStrangers)
            Glibc.kill(-leader.pid, SIGKILL)
            for process in stopped { process.signal(SIGKILL) }
            for process in stopped {
                let now = MonotonicClock.nanoseconds()
                _ = process.waitForEnd(timeout: now < limit ? Int32(clamping: (limit - now) / 1_000_000 + 1) : 0)
            }
            if stopped.isEmpty || MonotonicClock.nanoseconds() > limit { break }
        }
        Self.reapAdopted()
    }

    private func stopAll(_ withStrangers: Bool) -> [RunningProcess] {
        var found: [RunningProcess] = []
        var seen: Set<RunningProcess.Identity> = []
        while true {
            let (table, started) = StartedChildren.table()
            let fresh = members(in: table, started: started, withStrangers: withStrangers, isMarked: isMarked)
                .filter { seen.insert($0.identity).inserted }
                .compactMap { (try? RunningProcess.find($0.identity)) ?? nil }
            if fresh.isEmpty { return found }
            for process in fresh { process.signal(SIGSTOP) }
            found += fresh
        }
    }

    /// Asks those children for their exit that this process did not start, so that nothing remains of them.
    public static func reapAdopted() {
        // Most often nobody has ended, and then nobody is looked for.
        guard hostelry_has_ended_child() else { return }
        let (table, started) = StartedChildren.table()
        guard let started else { return }
        for child in table.children(of: getpid()) where child.isZombie && !started.contains(child.pid) {
            _ = waitpid(child.pid, nil, WNOHANG)
        }
    }

    /// - Parameter started: those that this process started itself; nil where that is not known, and nobody is a stranger.
    package func members(
        in table: ProcessTable, own: Int32 = getpid(), started: Set<Int32>?, withStrangers: Bool,
        isMarked: (Int32) -> Bool
    ) -> [ProcessTable.Entry] {
        let roots = table.children(of: own).filter { child in
            if child.pid == leader.pid { return child.startTime == leader.startTime }
            if child.group == leader.pid { return true }
            guard child.startTime >= leader.startTime, let started, !started.contains(child.pid) else { return false }
            return withStrangers || isMarked(child.pid)
        }
        let ordered = roots.filter { $0.pid == leader.pid } + roots.filter { $0.pid != leader.pid }
        return (ordered + table.descendants(of: roots.map(\.pid))).filter { !$0.isZombie }
    }

    private func isMarked(_ pid: Int32) -> Bool {
        let bytes = KernelText.bytes("/proc/\(pid)/environ") ?? []
        return bytes.split(separator: 0).contains { $0.elementsEqual(mark.utf8) }
    }
}
