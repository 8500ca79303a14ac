import Pipeline

/// Names as people sort them: without case as far as ASCII goes, numbers by their value (`file9` before `file10`).
enum NaturalOrder {
    /// A strict order of all byte strings: what people take for equal is told apart by its bytes.
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if isDigit(left[i]), isDigit(right[j]) {
                let (one, other) = (number(left, &i), number(right, &j))
                if one.count != other.count { return one.count < other.count }
                if one != other { return one.lexicographicallyPrecedes(other) }
            } else {
                let (one, other) = (ASCII.lower(left[i]), ASCII.lower(right[j]))
                if one != other { return one < other }
                i += 1
                j += 1
            }
        }
        if i == left.count, j == right.count { return left.lexicographicallyPrecedes(right) }
        return i == left.count
    }

    /// The digits from `index` on without leading zeros.
    private static func number(_ text: [UInt8], _ index: inout Int) -> ArraySlice<UInt8> {
        while index < text.count, text[index] == 0x30 { index += 1 }
        let start = index
        while index < text.count, isDigit(text[index]) { index += 1 }
        return text[start..<index]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
