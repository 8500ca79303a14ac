internal import Glibc

/// A text of which parts are left out, of which only the line ends stay: what is left has the lines it had.
public enum TextExcerpt {
    /// Offsets count bytes.
    public struct Part: Equatable, Sendable {
        public let start: Int
        public let end: Int
        /// How many line ends it holds.
        public let lineEnds: Int

        public init(start: Int, end: Int, lineEnds: Int) {
            self.start = start
            self.end = end
            self.lineEnds = lineEnds
        }
    }

    /// `prefix`, and the text without `parts`, which are in order and apart.
    public static func bytes(of text: [UInt8], without parts: [Part], behind prefix: [UInt8] = []) -> [UInt8] {
        var size = prefix.count + text.count
        var position = 0
        for part in parts {
            // What is copied below lies between these.
            precondition(part.start >= position && part.end >= part.start && part.lineEnds >= 0)
            position = part.end
            size += part.lineEnds - (part.end - part.start)
        }
        precondition(position <= text.count)  // As above.
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
            unsafe text.withUnsafeBufferPointer { text in
                var position = 0
                var filled = unsafe output.update(fromContentsOf: prefix)
                func copy(to end: Int) {
                    // The sizes were added up above: everything fits, and lies in the text.
                    filled = unsafe output[filled...].update(fromContentsOf: text[position..<end])
                }
                for part in parts {
                    copy(to: part.start)
                    unsafe output[filled..<filled + part.lineEnds].update(repeating: 10)
                    filled += part.lineEnds
                    position = part.end
                }
                copy(to: text.count)
                count = filled
            }
        }
    }
}
