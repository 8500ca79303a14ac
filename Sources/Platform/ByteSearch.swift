internal import CPlatform
internal import Glibc

/// Comparing and searching long texts at the speed of memory.
public enum ByteSearch {
    private static let block = 4096

    /// How many bytes from `one`'s offset and `other`'s on are the same, at most `limit`; both have that many.
    public static func commonPrefix(
        _ one: Span<UInt8>, from first: Int, _ other: Span<UInt8>, from second: Int, limit: Int
    ) -> Int {
        var length = 0
        while limit - length >= block,
            equal(one.extracting(first + length..<first + length + block), other, second + length)
        {
            length += block
        }
        while length < limit, one[first + length] == other[second + length] { length += 1 }
        return length
    }

    public static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        one.count == other.count && (one.isEmpty || equal(one, other, 0))
    }

    /// How many bytes at the ends are the same, at most `limit`; both have that many.
    public static func commonSuffix(_ one: Span<UInt8>, _ other: Span<UInt8>, limit: Int) -> Int {
        var length = 0
        while limit - length >= block {
            let end = one.count - length
            guard equal(one.extracting(end - block..<end), other, other.count - length - block) else { break }
            length += block
        }
        while length < limit, one[one.count - 1 - length] == other[other.count - 1 - length] { length += 1 }
        return length
    }

    /// Where `needle` stands first in `range` of `text`.
    public static func find(_ needle: Span<UInt8>, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        // The compiler lends the spans' memory for the call only.
        let found: Int? = unsafe text.extracting(range).withUnsafeBytes { hay in
            unsafe needle.withUnsafeBytes { needle in
                guard let base = hay.baseAddress, let wanted = needle.baseAddress,
                    let match = unsafe hostelry_find(base, hay.count, wanted, needle.count)
                else { return nil }
                return unsafe match - base
            }
        }
        return found.map { range.lowerBound + $0 }
    }

    /// How many line ends stand in `range` of `text`.
    public static func lineEnds(in text: Span<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        for index in range where text[index] == 10 { count += 1 }
        return count
    }

    private static func equal(_ one: Span<UInt8>, _ other: Span<UInt8>, _ offset: Int) -> Bool {
        unsafe one.withUnsafeBytes { left in
            unsafe other.extracting(offset..<offset + left.count).withUnsafeBytes { right in
                // Empty spans have no address and are never compared.
                unsafe memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
            }
        }
    }
}
