/// A key, as `TopScreen` knows them.
public enum TopKey: Equatable, Sendable {
    case character(Character)
    case up
    case down
    case pageUp
    case pageDown
    case home
    case end
    case enter
    case escape
    case backspace
    /// Ctrl-C
    case interrupt
}

/// Makes keys of the bytes that a terminal sends. A sequence or character may come in pieces.
public struct TopKeyReader: Sendable {
    private var waiting: [UInt8] = []
    /// Longer than any key's sequence: what does not end by then is none.
    private static let maximumSequence = 16

    public init() {}

    /// The keys that `bytes` complete. An escape that nothing follows in the same piece is the key itself.
    public mutating func keys(_ bytes: [UInt8]) -> [TopKey] {
        waiting += bytes
        var keys: [TopKey] = []
        var position = 0
        while position < waiting.count, let length = length(at: position) {
            if let key = Self.key(waiting[position..<(position + length)]) { keys.append(key) }
            position += length
        }
        waiting.removeFirst(position)
        return keys
    }

    /// How long the key is that begins there; nil where more of it is to come.
    private func length(at position: Int) -> Int? {
        let rest = waiting[position...]
        switch waiting[position] {
        case 0x1b:
            guard rest.count > 1 else { return 1 }
            switch rest[position + 1] {
            case UInt8(ascii: "["):
                if let end = rest.dropFirst(2).firstIndex(where: { 0x40...0x7e ~= $0 }) { return end - position + 1 }
                return rest.count > Self.maximumSequence ? rest.count : nil
            case UInt8(ascii: "O"): return rest.count > 2 ? 3 : nil
            default: return 1
            }
        case 0xc0...:
            let length = waiting[position] >= 0xf0 ? 4 : waiting[position] >= 0xe0 ? 3 : 2
            return rest.count >= length ? length : nil
        default: return 1
        }
    }

    private static func key(_ bytes: ArraySlice<UInt8>) -> TopKey? {
        guard let first = bytes.first else { return nil }
        guard bytes.count > 1 else {
            switch first {
            case 3: return .interrupt
            case 8, 127: return .backspace
            case 10, 13: return .enter
            case 27: return .escape
            case 0x20..<0x7f: return .character(Character(Unicode.Scalar(first)))
            default: return nil
            }
        }
        guard first == 0x1b else {
            return String(validating: bytes, as: UTF8.self)?.first.map { .character($0) }
        }
        switch String(decoding: bytes.dropFirst(2), as: UTF8.self) {
        case "A": return .up
        case "B": return .down
        case "H", "1~", "7~": return .home
        case "F", "4~", "8~": return .end
        case "5~": return .pageUp
        case "6~": return .pageDown
        default: return nil
        }
    }
}
