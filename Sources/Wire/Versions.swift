/// The versions of a protocol that one side speaks, from the oldest to the newest.
public struct Versions: Equatable, Sendable {
    public let oldest: UInt16
    public let newest: UInt16

    public init(oldest: UInt16, newest: UInt16) {
        self.oldest = oldest
        self.newest = newest
    }

    /// What this build speaks on a link.
    public static let link = Versions(oldest: 3, newest: 3)
    /// What this build speaks on a control socket. Version 5 is version 4 and `trafficWanted`,
    /// version 6 is version 5 and `moduleEvent`, version 7 is version 6 and `recycleWanted`.
    public static let control = Versions(oldest: 4, newest: 7)

    /// The newest version that both speak; throws when there is none.
    public func common(with other: Versions) throws(WireError) -> UInt16 {
        let version = min(newest, other.newest)
        guard version >= max(oldest, other.oldest) else { throw WireError(.version, "hello") }
        return version
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: oldest)
        output.append(littleEndian: newest)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        oldest = try reader.integer()
        newest = try reader.integer()
        guard oldest <= newest else { throw WireError(.invalid, reader.subject) }
    }
}

/// The first frame of each side of a link.
public struct LinkHello: Equatable, Sendable {
    public var versions: Versions
    /// How many bytes of body the sender of this hello takes on each stream before it grants more. Unit: bytes.
    public var window: UInt32
    /// How many streams may be open at once. The smaller of both sides' numbers holds.
    public var maximumStreams: UInt32
    /// How many files the sender of this hello holds open for the other side at once; 0 for a side that takes none.
    public var maximumFiles: UInt32

    public init(versions: Versions = .link, window: UInt32, maximumStreams: UInt32, maximumFiles: UInt32 = 0) {
        self.versions = versions
        self.window = window
        self.maximumStreams = maximumStreams
        self.maximumFiles = maximumFiles
    }

    public func append(to output: inout [UInt8]) {
        output.append(frameOf: .hello, stream: 0) {
            versions.append(to: &$0)
            $0.append(littleEndian: window)
            $0.append(littleEndian: maximumStreams)
            $0.append(littleEndian: maximumFiles)
        }
    }

    public init(decoding payload: Span<UInt8>) throws(WireError) {
        var reader = ByteReader(payload, "link hello")
        versions = try Versions(&reader)
        window = try reader.integer()
        maximumStreams = try reader.integer()
        maximumFiles = try reader.integer()
        guard maximumStreams > 0, maximumStreams <= 1 << 16 else { throw WireError(.invalid, reader.subject) }
        try reader.end()
    }
}
