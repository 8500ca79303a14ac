internal import Wire

/// Parts of log lines. Whatever a client sends stays within its field and its line.
extension OutputSpan<UInt8> {
    private static var plus: UInt8 { UInt8(ascii: "+") }
    private static var none: UInt8 { UInt8(ascii: "-") }

    /// Appends a field's value: `-` where it is empty, `+` for blanks, `%XX` for what would end the line or steer a
    /// terminal and for bytes that are no UTF-8.
    mutating func append(logged value: Span<UInt8>) {
        guard !value.isEmpty else { return append(Self.none) }
        for index in value.indices where value[index] &- 0x21 >= 0x5e { return append(escaping: value) }
        append(copying: value)
    }

    private mutating func append(escaping value: Span<UInt8>) {
        let isText = (try? UTF8Span(validating: value)) != nil
        var index = 0
        while index < value.count {
            let byte = value[index]
            switch byte {
            case 0x20, 0x09: append(Self.plus)
            case 0x21..<0x7f: append(byte)
            case 0x80... where isText:
                let length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
                let character = value.extracting(index..<(index + length))
                if Self.steers(character) {
                    for each in character.indices { append(hexadecimal: character[each]) }
                } else {
                    append(copying: character)
                }
                index += length - 1
            default: append(hexadecimal: byte)
            }
            index += 1
        }
    }

    /// Control characters, line and paragraph separators, and those that turn the direction of writing.
    private static func steers(_ character: Span<UInt8>) -> Bool {
        switch (character[0], character[1]) {
        case (0xc2, 0x80..<0xa0), (0xd8, 0x9c): true
        case (0xe2, 0x80): [0x8e, 0x8f].contains(character[2]) || (0xa8...0xae).contains(character[2])
        case (0xe2, 0x81): (0xa6...0xa9).contains(character[2])
        default: false
        }
    }

    private mutating func append(hexadecimal byte: UInt8) {
        append(UInt8(ascii: "%"))
        for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
    }
}

/// The same at the end of an array.
extension [UInt8] {
    mutating func append(logged value: Span<UInt8>) {
        append(addingCapacity: LogText.longest(value.count)) { $0.append(logged: value) }
    }

    mutating func append(decimal number: UInt64) { append(addingCapacity: 20) { $0.append(decimal: number) } }

    mutating func append(twoDigits number: Int64) {
        append(0x30 + UInt8(truncatingIfNeeded: number / 10 % 10))
        append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}

enum LogText {
    /// How many bytes a value of `count` bytes takes at most.
    static func longest(_ count: Int) -> Int { max(1, 3 * count) }
}
