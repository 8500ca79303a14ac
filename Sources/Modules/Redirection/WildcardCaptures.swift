import Pipeline
import Wire

/// A pattern without case in which each `*` stands for any bytes, none included, and gives them out.
struct WildcardCaptures {
    private let pattern: [UInt8]

    init(_ pattern: [UInt8]) { self.pattern = ASCII.lower(pattern) }

    /// What each `*` stands for when the whole of `text` matches: as little as possible for all but the last. Nil where
    /// it does not match. Time grows with the product of both lengths at worst.
    func match(_ text: [UInt8]) -> [ArraySlice<UInt8>]? {
        var captures: [Range<Int>] = []
        var afterStar = 0
        var (position, index) = (0, 0)
        while index < text.count {
            if position < pattern.count, pattern[position] == 0x2A {
                position += 1
                afterStar = position
                captures.append(index..<index)
            } else if position < pattern.count, pattern[position] == ASCII.lower(text[index]) {
                position += 1
                index += 1
            } else if let last = captures.last {
                captures[captures.count - 1] = last.lowerBound..<last.upperBound + 1
                position = afterStar
                index = last.upperBound + 1
            } else {
                return nil
            }
        }
        if position == afterStar, position == pattern.count, let last = captures.last {
            captures[captures.count - 1] = last.lowerBound..<text.count
        }
        for byte in pattern[position...] {
            guard byte == 0x2A else { return nil }
            captures.append(text.count..<text.count)
        }
        return captures.map { text[$0] }
    }
}
