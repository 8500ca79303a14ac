import Testing
import Wire

struct TrafficCountsTests {
    /// Hand-made: four buckets of equal width between 0.5 ms and 1 ms are 0.125 ms wide.
    @Test(
        arguments: [
            (0, 0), (31_250, 0), (31_251, 1), (125_000, 3), (500_000, 11), (500_001, 12), (625_000, 12), (625_001, 13),
            (1_000_000, 15), (1_000_001, 16), (1_250_000, 16), (2_000_000, 19), (1_024_000_000, 55),
            (65_536_000_000, 79), (65_536_000_001, 80), (UInt64.max, 80),
        ] as [(UInt64, Int)])
    func aLatencyHasABucket(_ nanoseconds: UInt64, _ bucket: Int) {
        #expect(LatencyScale.bucket(nanoseconds) == bucket)
    }

    @Test func bucketsFollowEachOtherWithoutAGap() {
        #expect(LatencyScale.lowerBound(0) == 0 && LatencyScale.upperBound(LatencyScale.count - 1) == nil)
        for bucket in 0..<LatencyScale.count - 1 {
            let upper = LatencyScale.upperBound(bucket) ?? 0
            #expect(upper == LatencyScale.lowerBound(bucket + 1) && upper > LatencyScale.lowerBound(bucket))
            #expect(LatencyScale.bucket(upper) == bucket && LatencyScale.bucket(upper + 1) == bucket + 1)
        }
    }

    @Test func powersOfTwoMillisecondsAreUpperBounds() {
        for exponent in 0...16 {
            let bucket = LatencyScale.bucket(upToMillisecondsOfTwoToThe: exponent)
            #expect(LatencyScale.upperBound(bucket) == 1_000_000 << UInt64(exponent))
        }
    }

    static func counts(_ latencies: [(UInt64, Int)]) -> TrafficCounts {
        var counts = TrafficCounts()
        for (nanoseconds, times) in latencies {
            for _ in 0..<times { counts.count(status: 200, nanoseconds: nanoseconds, received: 10, sent: 100) }
        }
        return counts
    }

    @Test func percentilesLieWithinTheirBuckets() {
        let counts = Self.counts([(1_000_000, 90), (100_000_000, 10)])
        // The 50th of 90 between 0.875 ms and 1 ms, the 9th of 10 between 96 ms and 112 ms.
        #expect(counts.percentile(50) == 875_000 + 125_000 * 50 / 90)
        #expect(counts.percentile(90) == 1_000_000)
        #expect(counts.percentile(99) == 110_400_000)
        #expect(counts.percentile(100) == 112_000_000)
        #expect(TrafficCounts().percentile(99) == nil)
        // What is beyond the scale is at least as long as its end.
        #expect(Self.counts([(100_000_000_000, 1)]).percentile(50) == 65_536_000_000)
    }

    @Test func absurdCountsHaveAPercentileToo() {
        let counts = TrafficCounts(
            answers: [], received: 0, sent: 0, duration: 0, latencies: [(3, .max), (5, .max)])
        #expect(counts.percentile(99) ?? 0 > LatencyScale.lowerBound(3))
        #expect(counts.percentile(100) == LatencyScale.upperBound(3))
    }

    @Test func requestsWithoutAFinalAnswerHaveNoLatency() {
        var counts = TrafficCounts()
        counts.count(status: 0, nanoseconds: 5, received: 1, sent: 0)
        counts.count(status: 101, nanoseconds: 5_000_000_000, received: 1, sent: 2)
        counts.count(status: 599, nanoseconds: 7, received: 1, sent: 3)
        counts.count(status: 999, nanoseconds: 7, received: 1, sent: 3)
        #expect(counts.answers[0] == 2 && counts.answers[1] == 1 && counts.answers[5] == 1)
        #expect(counts.requests == 4 && counts.answered == 1 && counts.duration == 7)
        #expect(counts.received == 4 && counts.sent == 8)
    }

    @Test func whatCameSinceIsTheDifferenceAndAllOfItWhereCountsBeganAnew() {
        let earlier = Self.counts([(1000, 2)])
        var later = earlier
        later.add(Self.counts([(2_000_000, 3)]))
        #expect(later.since(earlier) == Self.counts([(2_000_000, 3)]))
        #expect(earlier.since(later) == earlier)
    }
}
