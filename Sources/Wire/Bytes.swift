extension Span<UInt8> {
    /// The little-endian integer whose bytes begin at `offset`, which lies that far before the end.
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type, at offset: Int) -> Integer {
        // `unsafeLoadUnaligned` is checked against the span's bounds; any bits are a valid integer.
        unsafe Integer(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// Whether both hold the same bytes.
    public func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Whether this is `name`, a field's name in lower case, in any case of ASCII letters.
    public func equalsIgnoringCase(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        for index in indices {
            // `index` is below the code unit count, which was compared above.
            guard unsafe Self.lowercase(self[index]) == name.utf8Start[index] else { return false }
        }
        return true
    }

    /// Whether both hold the same bytes in any case of ASCII letters.
    public func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where Self.lowercase(self[index]) != Self.lowercase(other[index]) { return false }
        return true
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

extension OutputSpan<UInt8> {
    public mutating func append(copying span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    public mutating func append(copying text: StaticString) {
        // A static string's bytes live as long as the program.
        unsafe append(copying: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        precondition(bytes.count <= freeCapacity)  // Whoever appends has made room.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            _ = unsafe buffer.extracting(count...).initialize(fromContentsOf: bytes)
            count += bytes.count
        }
    }

    mutating func append(littleEndian value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    public mutating func append(decimal number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

extension [UInt8] {
    /// A copy of the span's bytes.
    public init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }

    public mutating func append(copying span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    public mutating func append(copying text: StaticString) {
        // A static string's bytes live as long as the program.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append<Integer: FixedWidthInteger & BitwiseCopyable>(littleEndian value: Integer) {
        append(size: MemoryLayout<Integer>.size) { $0.put(value) }
    }

    /// Appends `size` bytes at most, which `write` puts there: the array is looked at once for all of them.
    @inline(__always)
    mutating func append(size: Int, _ write: (inout IntegerSlots) -> Void) {
        append(addingCapacity: size) { output in
            // The slots are used while the memory is there, and check that they stay within it.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                var slots = unsafe IntegerSlots(UnsafeMutableRawBufferPointer(buffer), offset: count)
                write(&slots)
                count = slots.offset
            }
        }
    }

    mutating func replace(at offset: Int, littleEndian value: UInt32) {
        for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    }

    mutating func append(counted text: String) {
        append(littleEndian: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    mutating func append<Item>(array: [Item], _ element: (inout [UInt8], Item) -> Void) {
        append(littleEndian: UInt32(array.count))
        for each in array { element(&self, each) }
    }
}

/// Room for integers, one behind the other.
@safe
struct IntegerSlots {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var offset: Int

    /// `memory` outlives the slots.
    @unsafe
    init(_ memory: UnsafeMutableRawBufferPointer, offset: Int) {
        unsafe self.memory = memory
        self.offset = offset
    }

    /// Puts the integer there, little-endian.
    @inline(__always)
    mutating func put<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        let size = MemoryLayout<Integer>.size
        precondition(unsafe offset + size <= memory.count)  // `append(size:)` was given too small a size.
        unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
        offset += size
    }
}
