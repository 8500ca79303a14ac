internal import Compression
internal import Platform

/// A text as what it has in place of the middle of another one.
struct TextDelta: Equatable {
    /// How many bytes both begin with.
    let prefix: Int
    /// How many bytes both end with.
    let suffix: Int
    /// How many bytes lie between them.
    let size: Int
    /// These bytes, compressed against those of the other text.
    let middle: [UInt8]

    init(from old: [UInt8], to new: [UInt8]) throws(CompressionError) {
        let shortest = min(old.count, new.count)
        prefix = ByteSearch.commonPrefix(old.span, from: 0, new.span, from: 0, limit: shortest)
        suffix = ByteSearch.commonSuffix(old.span, new.span, limit: shortest - prefix)
        let part = Array(new[prefix..<new.count - suffix])
        size = part.count
        middle = try ZstdBlock.compress(part, onto: Array(old[prefix..<old.count - suffix]))
    }

    init(prefix: Int, suffix: Int, size: Int, middle: [UInt8]) {
        self.prefix = prefix
        self.suffix = suffix
        self.size = size
        self.middle = middle
    }

    /// Makes its text of the other one, in that one's memory; false, and nothing is changed, where it was made against
    /// another one.
    func apply(to text: inout [UInt8]) -> Bool {
        guard prefix >= 0, suffix >= 0, size >= 0, prefix + suffix <= text.count,
            let part = try? ZstdBlock.decompress(middle, onto: Array(text[prefix..<text.count - suffix]), size: size)
        else { return false }
        text.replaceSubrange(prefix..<text.count - suffix, with: part)
        return true
    }
}
