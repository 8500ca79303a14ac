/// Reads little-endian fields one after the other out of bytes that a peer sent.
///
/// Every read is checked; what is missing throws `WireError` with the reader's subject.
struct ByteReader: ~Escapable {
    private let bytes: Span<UInt8>
    private(set) var offset = 0
    let subject: String

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, _ subject: String) {
        self.bytes = bytes
        self.subject = subject
    }

    var remaining: Int { bytes.count - offset }

    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type = Integer.self)
        throws(WireError) -> Integer
    {
        let size = Integer.bitWidth / 8
        guard remaining >= size else { throw WireError(.truncated, subject) }
        let value = bytes.integer(Integer.self, at: offset)
        offset += size
        return value
    }

    @_lifetime(copy self)
    mutating func take(_ count: Int) throws(WireError) -> Span<UInt8> {
        guard count <= remaining else { throw WireError(.truncated, subject) }
        let taken = bytes.extracting(offset..<(offset + count))
        offset += count
        return taken
    }

    /// A UTF-8 text behind its length (32 bits).
    mutating func string() throws(WireError) -> String {
        let count = Int(try integer(UInt32.self))
        let taken = try take(count)
        guard let text = String(validating: [UInt8](copying: taken), as: UTF8.self) else {
            throw WireError(.notText, subject)
        }
        return text
    }

    /// An array behind its count (32 bits), which is looked at before any element is.
    mutating func array<Element>(
        atMost limit: Int = .max, _ element: (inout ByteReader) throws(WireError) -> Element
    ) throws(WireError) -> [Element] {
        let count = Int(try integer(UInt32.self))
        // Every element takes at least a byte, so a count beyond what is left is a lie.
        guard count <= remaining else { throw WireError(.truncated, subject) }
        guard count <= limit else { throw WireError(.tooLarge, subject) }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    mutating func boolean() throws(WireError) -> Bool {
        switch try integer(UInt8.self) {
        case 0: false
        case 1: true
        default: throw WireError(.invalid, subject)
        }
    }

    /// Says that everything must have been read.
    func end() throws(WireError) {
        guard remaining == 0 else { throw WireError(.trailing, subject) }
    }
}
