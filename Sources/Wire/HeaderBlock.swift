/// Header fields of a response in order, held as they travel: each a name's length (16 bits), a value's length
/// (16 bits), the name, the value.
///
/// Names and values are bytes; a name or a value longer than 65,535 bytes is cut off by nobody: `append` answers
/// false and adds nothing.
public struct HeaderBlock: Equatable, Sendable {
    var bytes: [UInt8] = []
    public private(set) var count = 0

    public init() {}

    /// One field of a block.
    public struct Field: ~Escapable {
        public let name: Span<UInt8>
        public let value: Span<UInt8>

        @_lifetime(copy name, copy value)
        init(name: Span<UInt8>, value: Span<UInt8>) {
            self.name = name
            self.value = value
        }
    }

    /// The field that begins at `position` (0 is the first), moving `position` to the next; nil behind the last.
    @_lifetime(borrow self)
    public func next(_ position: inout Int) -> Field? {
        guard position < bytes.count else { return nil }
        let name = Int(bytes.span.integer(UInt16.self, at: position))
        let value = Int(bytes.span.integer(UInt16.self, at: position + 2))
        let start = position + 4
        position = start + name + value
        return Field(
            name: bytes.span.extracting(start..<(start + name)),
            value: bytes.span.extracting((start + name)..<(start + name + value)))
    }

    @discardableResult
    public mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
        guard name.count <= UInt16.max, value.count <= UInt16.max else { return false }
        bytes.append(addingCapacity: 4 + name.count + value.count) { output in
            output.append(littleEndian: UInt16(name.count))
            output.append(littleEndian: UInt16(value.count))
            output.append(copying: name)
            output.append(copying: value)
        }
        count += 1
        return true
    }

    @discardableResult
    public mutating func append(_ name: StaticString, _ value: Span<UInt8>) -> Bool {
        guard value.count <= UInt16.max else { return false }
        bytes.append(littleEndian: UInt16(name.utf8CodeUnitCount))
        bytes.append(littleEndian: UInt16(value.count))
        bytes.append(copying: name)
        bytes.append(copying: value)
        count += 1
        return true
    }

    public mutating func append(_ name: StaticString, _ value: StaticString) {
        bytes.append(littleEndian: UInt16(name.utf8CodeUnitCount))
        bytes.append(littleEndian: UInt16(value.utf8CodeUnitCount))
        bytes.append(copying: name)
        bytes.append(copying: value)
        count += 1
    }

    /// Appends all fields of another block.
    public mutating func append(contentsOf other: HeaderBlock) {
        bytes.append(contentsOf: other.bytes)
        count += other.count
    }

    /// Whether a field of that name, in lower case, is there.
    public func contains(_ name: StaticString) -> Bool {
        var position = 0
        while let field = next(&position) {
            if field.name.equalsIgnoringCase(name) { return true }
        }
        return false
    }

    /// The value of the first field of that name, in lower case.
    @_lifetime(borrow self)
    public func value(of name: StaticString) -> Span<UInt8>? {
        var position = 0
        while let field = next(&position) {
            if field.name.equalsIgnoringCase(name) { return field.value }
        }
        return nil
    }

    /// Removes every field of that name, in any case of letters; answers how many there were.
    @discardableResult
    public mutating func remove(_ name: Span<UInt8>) -> Int {
        var kept = HeaderBlock()
        var position = 0
        while let field = next(&position) {
            if !field.name.equalsIgnoringCase(name) { kept.append(field.name, field.value) }
        }
        let removed = count - kept.count
        if removed > 0 { self = kept }
        return removed
    }

    /// The fields behind the first `number`.
    public func dropFirst(_ number: Int) -> HeaderBlock {
        var rest = HeaderBlock()
        var (position, index) = (0, 0)
        while let field = next(&position) {
            if index >= number { rest.append(field.name, field.value) }
            index += 1
        }
        return rest
    }

    /// Removes all fields and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Checks that `bytes` is made of whole fields.
    init(decoding span: Span<UInt8>, _ subject: String) throws(WireError) {
        var position = 0
        while position < span.count {
            guard span.count - position >= 4 else { throw WireError(.truncated, subject) }
            let name = Int(span.integer(UInt16.self, at: position))
            let value = Int(span.integer(UInt16.self, at: position + 2))
            position += 4 + name + value
            guard position <= span.count else { throw WireError(.truncated, subject) }
            count += 1
        }
        bytes.append(copying: span)
    }
}
