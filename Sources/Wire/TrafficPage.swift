/// A part of what the router has counted, from one of its loops: what several loops tell of one site adds up.
public struct TrafficPage: Equatable, Sendable {
    /// So many entries are told at once, so that the router's requests wait for none of it.
    public static let maximumEntries = 256

    public enum Subject: UInt8, Sendable {
        /// Requests that were refused before a site was found for them. Its id is 0.
        case unrouted = 0
        case site = 1
        case pool = 2
    }

    public struct Entry: Equatable, Sendable {
        public var subject: Subject
        /// `RouteTable.Site.id` or `RouteTable.Pool.id`
        public var id: UInt32
        /// When counting began. Seconds since 1970, UTC.
        public var since: Int64
        public var counts: TrafficCounts

        public init(_ subject: Subject, id: UInt32, since: Int64, counts: TrafficCounts) {
            self.subject = subject
            self.id = id
            self.since = since
            self.counts = counts
        }
    }

    /// Only what had a request.
    public var entries: [Entry]
    /// Nothing follows.
    public var isLast: Bool

    public init(entries: [Entry], isLast: Bool) {
        self.entries = entries
        self.isLast = isLast
    }

    func append(to output: inout [UInt8]) {
        output.append(isLast ? 1 : 0)
        output.append(array: entries) {
            $0.append($1.subject.rawValue)
            $0.append(littleEndian: $1.id)
            $0.append(littleEndian: $1.since)
            $1.counts.append(to: &$0)
        }
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        isLast = try reader.boolean()
        entries = try reader.array(atMost: Self.maximumEntries) { reader throws(WireError) in
            guard let subject = Subject(rawValue: try reader.integer()) else {
                throw WireError(.invalid, reader.subject)
            }
            return Entry(
                subject, id: try reader.integer(), since: try reader.integer(), counts: try TrafficCounts(&reader))
        }
    }
}
