import EventLoop
import Glibc
import Platform
import Testing

struct WaitingTests {
    /// Turns the loop until the condition holds, for three seconds at most.
    private func turn(_ loop: EventLoop, until condition: () -> Bool) {
        for _ in 0..<3000 where !condition() { loop.turn(maximumWait: 1) }
    }

    @Test func workThatWaitsIsDoneElsewhereAndItsResultComesInATurnOfTheLoop() throws {
        let loop = try EventLoop()
        let own = pthread_self()
        var wasElsewhere: Bool?
        loop.perform({ pthread_equal(pthread_self(), own) == 0 }, then: { wasElsewhere = $0 })
        #expect(wasElsewhere == nil)
        turn(loop) { wasElsewhere != nil }
        #expect(wasElsewhere == true)
    }

    @Test func aSignalOfAnotherThreadComesInATurnOfTheLoopEachTimeItIsGiven() throws {
        let loop = try EventLoop()
        var (count, ends) = (0, 0)
        let signal = loop.signal { count += 1 }
        for _ in 0..<3 { loop.perform({ signal.give() }, then: { ends += 1 }) }
        #expect(count == 0)
        turn(loop) { ends == 3 }
        #expect(count == 3)
    }

    @Test func theLoopTurnsWhileWorkHangs() throws {
        let loop = try EventLoop()
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        let number = reading.number
        var (hanging, others) = (0, 0)
        loop.perform(
            {
                var byte: UInt8 = 0
                return unsafe read(number, &byte, 1)
            }, then: { hanging = $0 })
        for _ in 0..<3 { loop.perform({ 1 }, then: { others += $0 }) }
        turn(loop) { others == 3 }
        #expect(others == 3 && hanging == 0)
        #expect(unsafe write(writing.number, [1], 1) == 1)
        turn(loop) { hanging == 1 }
        #expect(hanging == 1)
    }
}
