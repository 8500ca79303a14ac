import Testing

@testable import AspNetCoreModule

struct LookQueueTests {
    @Test func whoAsksWhileALookIsUnderWayHasTheNext() {
        var queue = LookQueue()
        var heard: [Int] = []
        #expect(queue.ask { heard.append(1) })
        #expect(!queue.ask { heard.append(2) } && !queue.ask { heard.append(3) })
        for each in queue.ended() { each() }
        #expect(heard == [1] && queue.isLooking)
        for each in queue.ended() { each() }
        #expect(heard == [1, 2, 3] && !queue.isLooking)
    }

    @Test func aLookThatNobodyWaitsForIsOneAllTheSame() {
        var queue = LookQueue()
        #expect(queue.ask(nil) && !queue.ask(nil))
        #expect(queue.ended().isEmpty && queue.isLooking)
        #expect(queue.ended().isEmpty && !queue.isLooking)
    }
}
