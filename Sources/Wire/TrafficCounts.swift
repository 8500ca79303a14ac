/// What the router has counted of a site's requests, or of a pool's. Never decreases while its router runs.
public struct TrafficCounts: Sendable {
    /// By the status' first digit; 0 stands for requests that got no answer: the client left, or the connection was
    /// given up.
    public private(set) var answers = InlineArray<6, UInt64>(repeating: 0)
    /// What clients sent: heads and bodies with what frames them. Unit: bytes.
    public private(set) var received: UInt64 = 0
    /// Unit: bytes.
    public private(set) var sent: UInt64 = 0
    /// All latencies together. Unit: nanoseconds.
    public private(set) var duration: UInt64 = 0
    /// How many latencies fell in each bucket of `LatencyScale`: from a request's first byte until its answer was written,
    /// of those with a final answer (2xx to 5xx).
    public private(set) var latencies = InlineArray<81, UInt64>(repeating: 0)

    public init() {}

    /// How many requests there were.
    public var requests: UInt64 { answers.indices.reduce(0) { $0 &+ answers[$1] } }

    /// How many of them had a final answer.
    public var answered: UInt64 { answers[2] &+ answers[3] &+ answers[4] &+ answers[5] }

    /// A request is over. `status` 0: without an answer.
    public mutating func count(status: UInt16, nanoseconds: UInt64, received: UInt64, sent: UInt64) {
        let known = status < 600 ? Int(status / 100) : 0
        answers[known] &+= 1
        self.received &+= received
        self.sent &+= sent
        guard known >= 2 else { return }
        duration &+= nanoseconds
        latencies[LatencyScale.bucket(nanoseconds)] &+= 1
    }

    /// Adds what another loop counted.
    public mutating func add(_ other: TrafficCounts) {
        for index in answers.indices { answers[index] &+= other.answers[index] }
        for index in latencies.indices { latencies[index] &+= other.latencies[index] }
        received &+= other.received
        sent &+= other.sent
        duration &+= other.duration
    }

    /// What came since `earlier` was counted; all of it where `earlier` is of another router.
    public func since(_ earlier: TrafficCounts) -> TrafficCounts {
        var rest = self
        for index in answers.indices {
            guard answers[index] >= earlier.answers[index] else { return self }
            rest.answers[index] = answers[index] - earlier.answers[index]
        }
        for index in latencies.indices {
            guard latencies[index] >= earlier.latencies[index] else { return self }
            rest.latencies[index] = latencies[index] - earlier.latencies[index]
        }
        guard received >= earlier.received, sent >= earlier.sent, duration >= earlier.duration else { return self }
        rest.received = received - earlier.received
        rest.sent = sent - earlier.sent
        rest.duration = duration - earlier.duration
        return rest
    }

    /// Counts that were told in another form. `latencies` are the buckets that are not empty; others than those of the
    /// scale are passed over.
    public init(
        answers: [UInt64], received: UInt64, sent: UInt64, duration: UInt64, latencies: [(bucket: Int, count: UInt64)]
    ) {
        for (index, count) in zip(self.answers.indices, answers) { self.answers[index] = count }
        for (bucket, count) in latencies where self.latencies.indices.contains(bucket) {
            self.latencies[bucket] &+= count
        }
        self.received = received
        self.sent = sent
        self.duration = duration
    }

    /// The latency that so many of a hundred answers did not exceed, as near as the buckets tell. Unit: nanoseconds; nil
    /// where there was no answer.
    public func percentile(_ percent: UInt64) -> UInt64? {
        // Who tells the counts may be mistaken: no sum of theirs ends this process.
        let all = latencies.indices.reduce(0 as UInt64) { $0.addingClamped(latencies[$1]) }
        guard all > 0 else { return nil }
        let percent = min(percent, 100)
        let rank = max(1, all / 100 * percent + (all % 100 * percent + 99) / 100)
        var before: UInt64 = 0
        for bucket in latencies.indices where latencies[bucket] > 0 {
            let here = latencies[bucket]
            if before.addingClamped(here) >= rank {
                let low = LatencyScale.lowerBound(bucket)
                guard let high = LatencyScale.upperBound(bucket) else { return low }
                return low + UInt64(Double(high - low) * Double(rank - before) / Double(here))
            }
            before += here
        }
        return nil
    }
}

extension UInt64 {
    /// The sum, or the largest number where it is larger.
    public func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}

extension TrafficCounts: Equatable {
    public static func == (one: TrafficCounts, other: TrafficCounts) -> Bool {
        one.answers.indices.allSatisfy { one.answers[$0] == other.answers[$0] }
            && one.latencies.indices.allSatisfy { one.latencies[$0] == other.latencies[$0] }
            && one.received == other.received && one.sent == other.sent && one.duration == other.duration
    }
}

extension TrafficCounts {
    /// Nine numbers, a bit for each bucket that is not empty, and those: each number in as many groups of seven bits as it
    /// needs, since most are small.
    func append(to output: inout [UInt8]) {
        for index in answers.indices { output.append(short: answers[index]) }
        output.append(short: received)
        output.append(short: sent)
        output.append(short: duration)
        for start in stride(from: 0, to: LatencyScale.count, by: 8) {
            var bits: UInt8 = 0
            for bucket in start..<min(start + 8, LatencyScale.count) where latencies[bucket] > 0 {
                bits |= 1 << UInt8(bucket - start)
            }
            output.append(bits)
        }
        for bucket in latencies.indices where latencies[bucket] > 0 { output.append(short: latencies[bucket]) }
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        for index in answers.indices { answers[index] = try reader.shortInteger() }
        received = try reader.shortInteger()
        sent = try reader.shortInteger()
        duration = try reader.shortInteger()
        let bitmap = [UInt8](copying: try reader.take((LatencyScale.count + 7) / 8))
        for bit in 0..<bitmap.count * 8 where bitmap[bit / 8] & 1 << UInt8(bit % 8) != 0 {
            guard bit < LatencyScale.count else { throw WireError(.invalid, reader.subject) }
            latencies[bit] = try reader.shortInteger()
        }
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first; all but the last have their highest bit set.
    fileprivate mutating func append(short value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

extension ByteReader {
    fileprivate mutating func shortInteger() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte: UInt8 = try integer()
            // Nine groups and one bit are all that 64 bits take.
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw WireError(.invalid, subject)
    }
}
