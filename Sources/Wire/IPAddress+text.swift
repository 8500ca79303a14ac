extension IPAddress {
    /// Appends `192.0.2.1`, or an IPv6 address as RFC 5952 writes it: the longest run of at least two zero groups, the
    /// first of several, becomes `::`.
    public func appendText(to output: inout [UInt8]) {
        if let v4 {
            for shift in stride(from: 24, through: 0, by: -8) {
                Self.append(v4 >> UInt32(shift) & 0xff, base: 10, to: &output)
                if shift > 0 { output.append(UInt8(ascii: ".")) }
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
            Self.append(group(index), base: 16, to: &output)
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

    private static func append(_ number: UInt32, base: UInt32, to output: inout [UInt8]) {
        if number >= base { append(number / base, base: base, to: &output) }
        let digit = UInt8(truncatingIfNeeded: number % base)
        output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
}
