/// The first characters of what a program prints, for reports of why it did not start.
struct CapturedOutput {
    /// Unit: characters (Unicode scalars), as the module keeps of all attempts for one request.
    static let limit = 30_000

    private var bytes: [UInt8] = []
    private var count = 0
    /// How many bytes the character that came last still lacks.
    private var missing = 0

    var isFull: Bool { count == Self.limit && missing == 0 }

    /// Keeps what there is room for; a character may come in pieces.
    mutating func append(_ more: [UInt8]) {
        guard !isFull else { return }
        var end = 0
        for byte in more {
            if missing > 0, byte & 0xC0 == 0x80 {
                missing -= 1
            } else {
                // What is no character stands for one.
                guard count < Self.limit else { break }
                count += 1
                missing = Self.length(byte) - 1
            }
            end += 1
        }
        bytes += more.prefix(end)
    }

    /// How many bytes a character has that begins with this one; 1 for what none begins with.
    private static func length(_ byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Without a last character that is not whole yet.
    var text: String {
        guard missing > 0, let start = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(decoding: bytes[..<start], as: UTF8.self)
    }
}
