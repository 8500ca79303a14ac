/// Which codings of the content a client takes, and how gladly: its `Accept-Encoding` fields (RFC 9110, 12.5.3).
///
/// The router and its workers read the fields with the same eyes, so that a response which was kept for one client is
/// what another would get.
public struct AcceptedCodings: Equatable, Sendable {
    /// In thousandths, by coding; -1 where the fields do not name it.
    private var qualities = SIMD4<Int16>(repeating: -1)
    /// Of `*`.
    private var others: Int16 = -1
    /// Of content without a coding.
    private var identity: Int16 = -1

    /// Of a client that says nothing, which here gets content without a coding.
    public init() {}

    /// Reads one more field. A member that is none is passed over; of several with one name the first counts.
    public mutating func add(_ list: Span<UInt8>) {
        var start = 0
        while start < list.count {
            var end = start
            while end < list.count, list[end] != 0x2C { end += 1 }
            addMember(list.extracting(start..<end))
            start = end + 1
        }
    }

    private mutating func addMember(_ member: Span<UInt8>) {
        var nameEnd = 0
        while nameEnd < member.count, member[nameEnd] != 0x3B { nameEnd += 1 }
        let name = member.extracting(0..<nameEnd).withoutSpaces
        guard !name.isEmpty,
            let quality = nameEnd == member.count ? 1000 : Self.quality(member.extracting(nameEnd + 1..<member.count))
        else { return }
        if let coding = ContentCoding(name) {
            let index = Int(coding.rawValue)
            if qualities[index] < 0 { qualities[index] = quality }
        } else if name.count == 1, name[0] == 0x2A {
            if others < 0 { others = quality }
        } else if name.holds(0..<name.count, ignoringCase: "identity"), identity < 0 {
            identity = quality
        }
    }

    /// `q=` and a number from 0 to 1 with at most three decimals, in thousandths.
    private static func quality(_ parameter: Span<UInt8>) -> Int16? {
        let text = parameter.withoutSpaces
        guard (3...7).contains(text.count), text[0] | 0x20 == 0x71, text[1] == 0x3D, text[2] & 0xFE == 0x30 else {
            return nil
        }
        guard text.count == 3 || text[3] == 0x2E else { return nil }
        var (value, scale) = (Int16(text[2] & 1) * 1000, Int16(100))
        for index in 4..<max(4, text.count) {
            let digit = text[index] &- 0x30
            guard digit < 10 else { return nil }
            value += Int16(digit) * scale
            scale /= 10
        }
        return value <= 1000 ? value : nil
    }

    /// How gladly the client takes a coding, in thousandths; 0 where it does not.
    public func quality(of coding: ContentCoding) -> Int {
        let own = qualities[Int(coding.rawValue)]
        return Int(max(0, own < 0 ? others : own))
    }

    /// The coding that the client likes best of those that the server has, the server's first of several; nil where it
    /// takes none, or likes content without a coding better.
    public func best(of codings: [ContentCoding]) -> ContentCoding? {
        var best: (coding: ContentCoding, quality: Int)?
        for coding in codings {
            let quality = quality(of: coding)
            if quality > best?.quality ?? 0 { best = (coding, quality) }
        }
        guard let best, Int(identity) <= best.quality else { return nil }
        return best.coding
    }

    /// The codings that the client takes, one bit each (`ContentCoding.rawValue`), where it takes all of them equally
    /// and says nothing else; nil for finer wishes. Two clients with the same bits get the same choice.
    public var plainSet: UInt8? {
        guard others < 0, identity < 0 || identity == 1000 else { return nil }
        var set: UInt8 = 0
        for index in 0..<4 {
            switch qualities[index] {
            case -1, 0: break
            case 1000: set |= 1 << UInt8(index)
            default: return nil
            }
        }
        return set
    }
}

extension Span<UInt8> {
    /// The span without spaces and tabs at its ends.
    fileprivate var withoutSpaces: Span<UInt8> {
        @_lifetime(copy self) get {
            var (start, end) = (0, count)
            while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
            while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
            return extracting(start..<end)
        }
    }
}
