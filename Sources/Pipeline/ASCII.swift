import Wire

/// Looking into bytes as text, without case as far as ASCII goes: URLs, file extensions.
extension Span<UInt8> {
    /// The first position of `byte` at or behind `start`.
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    package func lastIndex(of byte: UInt8) -> Int? {
        var index = count
        while index > 0 {
            index &-= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// Whether `part` stands anywhere in it, in any case. An empty `part` stands everywhere.
    package func containsIgnoringCase(_ part: borrowing Span<UInt8>) -> Bool {
        guard count >= part.count else { return false }
        for start in 0...(count - part.count) {
            if extracting(start..<start + part.count).equalsIgnoringCase(part) { return true }
        }
        return false
    }

    /// A run of decimal digits as a number; `nil` for anything else, and for what does not fit.
    package var decimal: Int64? {
        guard !isEmpty else { return nil }
        var value: Int64 = 0
        for index in indices {
            guard self[index] >= 0x30, self[index] <= 0x39 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(self[index] - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}

/// ASCII letters of one byte.
package enum ASCII {
    package static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    package static func lower(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { lower($0) } }

    /// The parts of a comma list without the spaces around them; empty parts are left out.
    package static func list(_ text: String) -> [String] {
        text.split(separator: ",").compactMap { part in
            let trimmed = part.drop { $0 == " " }
            let end = trimmed.lastIndex { $0 != " " }
            return end.map { String(trimmed[...$0]) }
        }
    }
}
