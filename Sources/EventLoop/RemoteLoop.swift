internal import Platform
internal import Synchronization

/// A loop as other threads see it: they give it work and wake it.
public final class RemoteLoop: Sendable {
    public typealias Job = @Sendable (EventLoop) -> Void

    private let wakeUp: WakeUp
    private let jobs = Mutex<[Job]>([])

    init(_ wakeUp: consuming WakeUp) { self.wakeUp = wakeUp }

    var descriptorNumber: Int32 { wakeUp.descriptor.number }

    /// Runs `job` on the loop's thread, after what was given before it. Can be called from any thread.
    public func execute(_ job: @escaping Job) {
        let wasEmpty = jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if wasEmpty { wakeUp.signal() }
    }

    func clearWakeUp() { wakeUp.clear() }

    /// Hands over every job that waits.
    func takeJobs(_ run: (Job) -> Void) {
        let taken = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in taken { run(job) }
    }
}
