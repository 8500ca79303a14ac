/// Numbers, texts and bytes one after the other, each with its length before it.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    mutating func text(_ text: String) { optional(Array(text.utf8)) }

    mutating func optional(_ field: [UInt8]?) {
        number(field.map { Int64($0.count) } ?? -1)
        bytes += field ?? []
    }
}

/// Reads what `FieldWriter` wrote.
struct FieldReader {
    /// The bytes end before the field does.
    struct Short: Error {}

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() throws(Short) -> Int64 {
        guard bytes.count - position >= 8 else { throw Short() }
        defer { position += 8 }
        return (0..<8).reduce(0) { $0 | Int64(bytes[position + $1]) << Int64($1 * 8) }
    }

    mutating func text() throws(Short) -> String {
        guard let field = try optional() else { throw Short() }
        return String(decoding: field, as: UTF8.self)
    }

    mutating func optional() throws(Short) -> [UInt8]? {
        let length = try number()
        guard length >= 0 else { return nil }
        guard length <= bytes.count - position else { throw Short() }
        defer { position += Int(length) }
        return Array(bytes[position..<position + Int(length)])
    }
}
