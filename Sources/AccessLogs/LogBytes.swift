internal import Events

/// Bytes of a log, fit for a terminal.
enum LogBytes {
    /// UTF-8 as it is but for what steers a terminal; each byte that is none as `\xff`.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(decoding: bytes, as: UTF8.self) }
        var output = ""
        var piece: [UInt8] = []
        func flush() {
            guard !piece.isEmpty else { return }
            output += LineText.printable(String(decoding: piece, as: UTF8.self), limit: .max)
            piece.removeAll(keepingCapacity: true)
        }
        let all = Array(bytes)
        var index = 0
        while index < all.count {
            let length = length(of: all, at: index)
            if length > 0 {
                piece += all[index..<index + length]
                index += length
            } else {
                flush()
                let digits = String(all[index], radix: 16)
                output += "\\x\(digits.count < 2 ? "0" : "")\(digits)"
                index += 1
            }
        }
        flush()
        return output
    }

    /// How many bytes the character at `index` has; 0 where there is none in UTF-8.
    private static func length(of bytes: [UInt8], at index: Int) -> Int {
        let first = bytes[index]
        let length =
            switch first {
            case 0..<0x80: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 0, index + length <= bytes.count else { return 0 }
        guard length == 1 || String(validating: bytes[index..<index + length], as: UTF8.self) != nil else { return 0 }
        return length
    }
}
