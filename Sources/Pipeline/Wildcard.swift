/// A pattern without case in which `*` stands for any bytes, none included.
package struct Wildcard: Sendable {
    private let pattern: [UInt8]

    package init(_ pattern: [UInt8]) { self.pattern = ASCII.lower(pattern) }

    /// Whether the whole of `text` matches. Time grows with the product of both lengths at worst.
    package func matches(_ text: Span<UInt8>) -> Bool {
        var position = 0
        var index = 0
        var afterStar: (position: Int, index: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == 0x2A {
                position += 1
                afterStar = (position, index)
            } else if position < pattern.count, pattern[position] == ASCII.lower(text[index]) {
                position += 1
                index += 1
            } else if let star = afterStar {
                position = star.position
                index = star.index + 1
                afterStar = (position, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == 0x2A }
    }
}
