import Configuration
import Pipeline

/// Which MIME types are compressed: `staticTypes` and `dynamicTypes` of `httpCompression`.
///
/// An entry for a type itself comes before one for `type/*`, and that before `*/*`; a type without an entry is not
/// compressed. An entry may state the whole value of `Content-Type` with its parameters.
struct CompressibleTypes {
    private let entries: [[UInt8]: Bool]
    private let fallback: Bool

    init(_ element: Element) {
        self.init(element.items.map { ($0.string("mimeType"), $0.bool("enabled")) })
    }

    init(_ list: [(type: String, isEnabled: Bool)]) {
        entries = Dictionary(list.map { (Self.normal($0.type.utf8), $0.isEnabled) }) { first, _ in first }
        fallback = entries[Array("*/*".utf8)] ?? false
    }

    /// - Parameter type: the value of `Content-Type`.
    func contain(_ type: some Sequence<UInt8>) -> Bool {
        let whole = Self.normal(type)
        if let isEnabled = entries[whole] { return isEnabled }
        let plain = Array(whole.prefix { $0 != 0x3B })
        if plain.count < whole.count, let isEnabled = entries[plain] { return isEnabled }
        guard let slash = plain.firstIndex(of: 0x2F) else { return false }
        return entries[plain[...slash] + [0x2A]] ?? fallback
    }

    private static func normal(_ type: some Sequence<UInt8>) -> [UInt8] {
        type.filter { $0 != 0x20 && $0 != 0x09 }.map { ASCII.lower($0) }
    }
}
