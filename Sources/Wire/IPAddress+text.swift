extension IPAddress {
    /// Appends `192.0.2.1`, or an IPv6 address as RFC 5952 writes it: the longest run of at least two zero groups, the
    /// first of several, becomes `::`.
    public func appendText(to output: inout [UInt8]) {
        output.append(addingCapacity: Self.longestText) { appendText(to: &$0) }
    }

    /// How much room that takes at most. Unit: bytes.
    public static let longestText = 39

    public func appendText(to output: inout OutputSpan<UInt8>) {
        if let v4 {
            for part: UInt32 in 0..<4 {
                if part > 0 { output.append(UInt8(ascii: ".")) }
                output.append(decimal: UInt64(v4 >> (24 - 8 * part) & 0xff))
            }
            return
        }
        let omitted = longestZeroRun
        var index = 0
        while index < 8 {
            if index == omitted.lowerBound, !omitted.isEmpty {
                output.append(UInt8(ascii: ":"))
                output.append(UInt8(ascii: ":"))
                index = omitted.upperBound
                continue
            }
            if index > 0, index != omitted.upperBound || omitted.isEmpty { output.append(UInt8(ascii: ":")) }
            Self.append(group(index), to: &output)
            index += 1
        }
    }

    private func group(_ index: Int) -> UInt32 {
        let half = index < 4 ? high : low
        return UInt32(truncatingIfNeeded: half >> UInt64(48 - 16 * (index % 4)) & 0xffff)
    }

    private var longestZeroRun: Range<Int> {
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, group(end) == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = end + 1
        }
        return best
    }

    private static func append(_ number: UInt32, to output: inout OutputSpan<UInt8>) {
        if number >= 16 { append(number >> 4, to: &output) }
        let digit = UInt8(truncatingIfNeeded: number & 15)
        output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
}
