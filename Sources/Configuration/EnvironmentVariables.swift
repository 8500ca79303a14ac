/// The variables that `%NAME%` in a value stands for. Names are compared without case, as on Windows.
public struct EnvironmentVariables: Sendable {
    /// By their names in lower case.
    public let values: [String: String]

    public init(_ values: [String: String] = [:]) {
        self.values = Dictionary(values.map { ($0.lowercased(), $1) }, uniquingKeysWith: { _, last in last })
    }

    public subscript(_ name: String) -> String? { values[name.lowercased()] }

    /// `text` with each known `%NAME%` replaced; an unknown one stays as it is, as on Windows.
    public func expand(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var expanded = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "%") {
            expanded += rest[..<start]
            let name = rest[rest.index(after: start)...].prefix { $0 != "%" }
            guard name.endIndex < rest.endIndex, let value = self[String(name)] else {
                expanded += "%"
                rest = rest[rest.index(after: start)...]
                continue
            }
            expanded += value
            rest = rest[rest.index(after: name.endIndex)...]
        }
        return expanded + rest
    }
}
