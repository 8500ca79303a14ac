/// Writes a `RequestHead` frame from parsed ranges of the client's own bytes, without a copy in between.
///
/// `begin` first, `field` for each field, then `end`; all with the same output, to which nothing else is appended
/// meanwhile. Ranges are offsets into the text given to `end`.
public struct RequestHeadWriter: Sendable {
    private let start: Int
    private var fieldCount: UInt16 = 0

    /// The most fields that a head can carry.
    public static let maximumFields = RequestHead.Layout.maximumFields

    /// What a head says besides its text.
    public struct Facts: Sendable {
        public var version: HTTPVersion
        public var scheme: RequestHead.Scheme
        public var body: RequestHead.Body
        public var siteID: UInt32
        /// See `RequestHead.applicationPathLength`.
        public var applicationPathLength: Int
        public var remote: Endpoint
        public var local: Endpoint
        public var traits: RequestTraits

        public init(
            version: HTTPVersion, scheme: RequestHead.Scheme, body: RequestHead.Body, siteID: UInt32,
            applicationPathLength: Int, remote: Endpoint, local: Endpoint, traits: RequestTraits = []
        ) {
            self.version = version
            self.scheme = scheme
            self.body = body
            self.siteID = siteID
            self.applicationPathLength = applicationPathLength
            self.remote = remote
            self.local = local
            self.traits = traits
        }
    }

    /// Begins the frame. The cooked path goes behind the text of `textLength` bytes.
    public init(
        into output: inout [UInt8], stream: UInt32, _ facts: Facts, method: Range<Int>, target: Range<Int>,
        query: Range<Int>, textLength: Int, pathLength: Int
    ) {
        start = output.count
        let (body, length): (UInt8, UInt64) =
            switch facts.body {
            case .none: (0, 0)
            case .length(let count): (1, count)
            case .chunked: (2, 0)
            }
        output.append(size: Frame.headerSize + RequestHead.Layout.fields) { slots in
            // The frame's length and the number of fields are put there by `end`.
            slots.put(UInt32(0))
            slots.put(stream)
            slots.put(facts.version.rawValue)
            slots.put(facts.scheme.rawValue)
            slots.put(body)
            slots.put(facts.traits.rawValue)
            slots.put(UInt32(0))
            slots.put(length)
            slots.put(facts.siteID)
            slots.put(UInt32(facts.applicationPathLength))
            facts.remote.put(in: &slots)
            facts.local.put(in: &slots)
            Self.put(method, in: &slots)
            Self.put(target, in: &slots)
            Self.put(textLength..<(textLength + pathLength), in: &slots)
            Self.put(query, in: &slots)
        }
    }

    public mutating func field(into output: inout [UInt8], name: Range<Int>, value: Range<Int>) {
        output.append(size: RequestHead.Layout.fieldSize) { slots in
            Self.put(name, in: &slots)
            Self.put(value, in: &slots)
        }
        fieldCount += 1
    }

    /// Ends the frame with the bytes that the ranges point into, and the cooked path.
    public func end(into output: inout [UInt8], text: Span<UInt8>, path: Span<UInt8>) {
        output.append(copying: text)
        output.append(copying: path)
        output.replace(at: start + Frame.headerSize + RequestHead.Layout.fieldCount, littleEndian: UInt32(fieldCount))
        let length = output.count - start - Frame.headerSize
        output.replace(at: start, littleEndian: UInt32(FrameKind.requestHead.rawValue) << 24 | UInt32(length))
    }

    private static func put(_ range: Range<Int>, in slots: inout IntegerSlots) {
        slots.put(UInt32(range.lowerBound))
        slots.put(UInt32(range.count))
    }
}
