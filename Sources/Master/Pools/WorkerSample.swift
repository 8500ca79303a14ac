import Platform

/// What a process uses.
struct WorkerSample: Equatable, Sendable {
    /// Bytes in physical memory.
    let resident: UInt64
    /// Bytes that no other process shares.
    let privateBytes: UInt64
}

extension WorkerSample {
    /// What the pool's limits are about; the rest is 0. Nil where the process has ended.
    static func of(_ pid: Int32, for life: PoolLife) -> WorkerSample? {
        // To count private bytes the kernel walks all pages.
        guard let resident = ProcessMemory.resident(of: pid),
            let privateBytes = life.privateMemoryLimit > 0 ? ProcessMemory.of(pid)?.private : 0
        else { return nil }
        return WorkerSample(resident: resident, privateBytes: privateBytes)
    }
}
