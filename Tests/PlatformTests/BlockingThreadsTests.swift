import Glibc
import Platform
import Synchronization
import Testing

struct BlockingThreadsTests {
    /// Lets one thread wait for another.
    private final class Signal: Sendable {
        private let reading: FileDescriptor
        private let writing: FileDescriptor

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe") }
            reading = FileDescriptor(owning: ends[0])
            writing = FileDescriptor(owning: ends[1])
        }

        func send() { _ = unsafe write(writing.number, [0], 1) }

        func wait() {
            var byte: UInt8 = 0
            while unsafe read(reading.number, &byte, 1) != 1 {}
        }
    }

    private final class Count: Sendable {
        private let number = Atomic(0)

        var value: Int { number.load(ordering: .relaxed) }

        func add() { number.add(1, ordering: .relaxed) }
    }

    @Test func theEndWaitsForWhatWasBegun() throws {
        let threads = try BlockingThreads(limit: 2)
        // Nothing was.
        threads.finish()
        let (began, ends) = (try Signal(), try Signal())
        let count = Count()
        try threads.execute {
            began.send()
            ends.wait()
            count.add()
        }
        try threads.execute { count.add() }
        began.wait()
        try threads.execute { ends.send() }
        threads.finish()
        #expect(count.value == 2)
    }

    @Test func aJobThatHangsDoesNotKeepOthersFromRunning() throws {
        let threads = try BlockingThreads(limit: 2)
        let (began, ends) = (try Signal(), try Signal())
        try threads.execute {
            began.send()
            ends.wait()
        }
        began.wait()
        for _ in 0..<3 {
            let ran = try Signal()
            try threads.execute { ran.send() }
            ran.wait()
        }
        ends.send()
    }

    private final class Counters: Sendable {
        let running = Mutex(0)
        let most = Mutex(0)
        let done = Mutex(0)

        /// Runs at the same time as others; answers how many are done.
        func run() -> Int {
            let now = running.withLock {
                $0 += 1
                return $0
            }
            most.withLock { $0 = max($0, now) }
            running.withLock { $0 -= 1 }
            return done.withLock {
                $0 += 1
                return $0
            }
        }
    }

    @Test func noMoreThreadsRunThanAllowedAndEveryJobIsDone() throws {
        let threads = try BlockingThreads(limit: 2)
        let counters = Counters()
        let end = try Signal()
        for _ in 0..<200 {
            try threads.execute { if counters.run() == 200 { end.send() } }
        }
        end.wait()
        #expect((1...2).contains(counters.most.withLock { $0 }))
    }
}
