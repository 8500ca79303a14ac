import Testing

@testable import Router

/// Promises of bandwidth, by a clock of the test's.
struct BandwidthTests {
    static let second: UInt64 = 1_000_000_000
    static let start: UInt64 = 50 * second

    /// What `connections` that always have something to send get of it in `seconds`, each asking again when its promise
    /// is due.
    func share(_ bandwidth: Bandwidth, connections: Int, seconds: UInt64) -> [Int] {
        var sent = Array(repeating: 0, count: connections)
        let end = Self.start + seconds * Self.second
        var due = sent.map { _ in bandwidth.promise(bandwidth.quantum, now: Self.start) }
        while let next = due.indices.min(by: { due[$0] < due[$1] }), due[next] <= end {
            sent[next] += bandwidth.quantum
            due[next] = bandwidth.promise(bandwidth.quantum, now: due[next])
        }
        return sent
    }

    @Test(arguments: [1024, 100_000, 10_000_000, 1_000_000_000] as [UInt32])
    func asManyBytesASecondArePromisedAsMayBeSent(_ rate: UInt32) {
        let bandwidth = Bandwidth()
        bandwidth.set(rate)
        let sent = share(bandwidth, connections: 3, seconds: 60).reduce(0, +)
        let expected = Int(rate) * 60
        let slack = Int(rate) / 4 + 4 * bandwidth.quantum
        #expect(abs(sent - expected) <= slack)
    }

    @Test func connectionsTakeTurns() {
        let bandwidth = Bandwidth()
        bandwidth.set(100_000)
        let sent = share(bandwidth, connections: 7, seconds: 60)
        #expect(sent.max()! - sent.min()! <= 2 * bandwidth.quantum, "\(sent)")  // Seven shares.
    }

    @Test func whatWasNotUsedLongAgoIsNotMadeUpFor() {
        let bandwidth = Bandwidth()
        bandwidth.set(1000)
        #expect(bandwidth.promise(1000, now: Self.start) == Self.start)
        let later = Self.start + 1000 * Self.second
        #expect(bandwidth.promise(1000, now: later) == later)
        #expect(bandwidth.promise(1000, now: later) == later + Self.second - Bandwidth.burst)
    }

    @Test func aPromiseThatIsGivenBackIsAnothers() {
        let bandwidth = Bandwidth()
        bandwidth.set(1000)
        _ = bandwidth.promise(1000, now: Self.start)
        let second = bandwidth.promise(1000, now: Self.start)
        bandwidth.giveBack(1000)
        #expect(bandwidth.promise(1000, now: Self.start) == second)
    }

    @Test func aChangeOfTheRateHoldsAtOnce() {
        let bandwidth = Bandwidth()
        #expect(!bandwidth.isLimited && bandwidth.promise(1 << 30, now: Self.start) == Self.start)
        bandwidth.set(1024)
        for _ in 0..<100 { _ = bandwidth.promise(1024, now: Self.start) }
        let version = bandwidth.version
        bandwidth.set(.max)
        #expect(bandwidth.version != version && bandwidth.promise(1 << 30, now: Self.start) == Self.start)
    }
}
