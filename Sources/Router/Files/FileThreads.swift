internal import EventLoop
internal import Platform

/// The threads that wait for files, so that a loop never does.
///
/// A pool has two of them at most, whatever its workers hand over: files that never answer stop the files of their own
/// pool and nobody else's.
final class FileThreads {
    private static let threadLimit = 64
    private static let limitPerPool = 2

    /// What a pool has waiting and under way.
    private struct Lane {
        var inWork = 0
        var waiting: ArraySlice<() -> Void> = []
    }

    private let loop: EventLoop
    private var threads: BlockingThreads?
    private var lanes: [UInt32: Lane] = [:]

    init(_ loop: EventLoop) { self.loop = loop }

    /// Does `work` on a thread and then calls `completion` in a turn of the loop.
    func perform<Result: Sendable>(
        for pool: UInt32, _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) {
        let begin = { [unowned self] in
            if threads == nil { threads = try? BlockingThreads(limit: Self.threadLimit) }
            loop.perform(on: threads, work) { [unowned self] result in
                ended(pool)
                completion(result)
            }
        }
        guard lanes[pool, default: Lane()].inWork < Self.limitPerPool else {
            lanes[pool]?.waiting.append(begin)
            return
        }
        lanes[pool, default: Lane()].inWork += 1
        begin()
    }

    /// Closes a file, on a thread where closing may wait.
    func close(_ file: HandedFile, of pool: UInt32) {
        guard !file.closeAtOnce() else { return }
        perform(for: pool, { file.close() }, then: { _ in })
    }

    /// Closes descriptors of which nobody knows what they are.
    func close(_ descriptors: consuming DescriptorQueue, of pool: UInt32) {
        while let descriptor = descriptors.take() {
            let number = descriptor.release()
            perform(for: pool, { _ = FileDescriptor(owning: number) }, then: { _ in })
        }
    }

    private func ended(_ pool: UInt32) {
        guard var lane = lanes[pool] else { return }
        if let next = lane.waiting.popFirst() {
            lanes[pool] = lane
            return next()
        }
        lane.inWork -= 1
        lanes[pool] = lane.inWork == 0 ? nil : lane
    }
}
