import Platform
import Wire

/// What a status says of a process: what it did, by its own account, and what the system knows of it.
struct ProcessFacts: Sendable {
    var counts: ControlMessage.RoleCounts?
    /// Private memory. Unit: bytes.
    var memory: UInt64?
    /// Unit: seconds.
    var uptime: UInt64?

    /// Asks the system, which walks all pages of a process to count them.
    init(of pid: Int32, counts: ControlMessage.RoleCounts?) {
        self.counts = counts
        memory = ProcessMemory.of(pid)?.private
        uptime = RunningProcess.Identity.of(pid).map { $0.age / 1_000_000_000 }
    }
}
