internal import CPlatform
internal import Glibc
internal import Synchronization

/// A few threads for calls that may wait for a disk or a network file system.
///
/// Threads are started when they are needed and stay. Jobs begin in the order in which they came; one that hangs keeps
/// one thread, so that `limit` of them stop the others.
public final class BlockingThreads: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
        var whenIdle: (@Sendable () -> Void)?
        /// Nothing waits, and nothing is being done.
        var isIdle: Bool { jobs.isEmpty && idle == threads }
    }

    /// How long the end of a process may wait for a disk. Unit: milliseconds.
    private static let endPatience: Int32 = 2000

    private let state = Mutex(State())
    private let limit: Int
    /// Counts the jobs that waiting threads may take.
    private let available: FileDescriptor

    public init(limit: Int) throws(SystemError) {
        self.limit = limit
        let number = eventfd(0, Int32(EFD_CLOEXEC | EFD_SEMAPHORE))
        guard number >= 0 else { throw SystemError("eventfd") }
        available = FileDescriptor(owning: number)
    }

    /// Runs `job` on one of the threads. Throws, and does not run it, where there is no thread and none can be started.
    public func execute(_ job: @escaping @Sendable () -> Void) throws(SystemError) {
        let starts = state.withLock { state in
            state.jobs.append(job)
            guard state.jobs.count > state.idle, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if starts {
            do throws(SystemError) {
                try Thread.start { [self] in run() }
            } catch {
                let isLost = state.withLock { state in
                    state.threads -= 1
                    guard state.threads == 0 else { return false }
                    state.jobs = []
                    return true
                }
                if isLost { throw error }
            }
        }
        eventfd_write(available.number, 1)
    }

    /// Waits until what was begun is done, two seconds at most: for a process that is about to end.
    public func finish() {
        guard let signal = try? Signal() else { return }
        let isIdle = state.withLock { state in
            guard !state.isIdle else { return true }
            state.whenIdle = { signal.give() }
            return false
        }
        if !isIdle { signal.wait(milliseconds: Self.endPatience) }
    }

    /// One thread waits for another.
    private final class Signal: Sendable {
        private let wakeUp: WakeUp

        init() throws(SystemError) { wakeUp = try WakeUp() }

        func give() { wakeUp.signal() }

        func wait(milliseconds: Int32) { _ = wakeUp.descriptor.waitForInput(timeout: milliseconds) }
    }

    private func run() {
        while true {
            let whenIdle = state.withLock { state -> (@Sendable () -> Void)? in
                state.idle += 1
                return state.isIdle ? state.whenIdle : nil
            }
            whenIdle?()
            var count: eventfd_t = 0
            while unsafe eventfd_read(available.number, &count) != 0 {}
            let job = state.withLock { state -> (@Sendable () -> Void)? in
                state.idle -= 1
                return state.jobs.isEmpty ? nil : state.jobs.removeFirst()
            }
            job?()
        }
    }
}
