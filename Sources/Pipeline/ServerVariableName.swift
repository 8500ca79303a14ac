import Wire

/// The name of a server variable, in any case of letters; what it stands for is found out once.
///
/// `HTTP_ACCEPT_LANGUAGE` is the request's header `Accept-Language`, `HEADER_Accept-Language` the same as it is written,
/// and `UNICODE_…` any other variable, since all of them are UTF-8. Every other name is a variable that modules may set.
public struct ServerVariableName: Hashable, Sendable, ExpressibleByStringLiteral {
    enum Meaning: Hashable, Sendable {
        case variable(ServerVariable)
        /// In lower case; where it is loose, `_` stands for `-` too.
        case header([UInt8], isLoose: Bool)
        /// Nothing but what a module sets.
        case other
    }

    /// In upper case.
    let text: [UInt8]
    let meaning: Meaning

    public init(_ name: String) {
        let upper = Self.without(Self.unicode, name.utf8.map { $0 &- 0x61 < 26 ? $0 & 0xDF : $0 })
        text = upper
        if let known = Self.known[upper] {
            meaning = .variable(known)
        } else if upper.starts(with: Self.http), upper.count > Self.http.count {
            meaning = .header(ASCII.lower(upper.dropFirst(Self.http.count)), isLoose: true)
        } else if upper.starts(with: Self.header), upper.count > Self.header.count {
            meaning = .header(ASCII.lower(upper.dropFirst(Self.header.count)), isLoose: false)
        } else {
            meaning = .other
        }
    }

    public init(stringLiteral name: String) { self.init(name) }

    private static let known = Dictionary(
        ServerVariable.allCases.map { (Array($0.rawValue.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    private static let http = Array("HTTP_".utf8)
    private static let header = Array("HEADER_".utf8)
    private static let unicode = Array("UNICODE_".utf8)

    private static func without(_ prefix: [UInt8], _ name: [UInt8]) -> [UInt8] {
        name.starts(with: prefix) && name.count > prefix.count ? Array(name.dropFirst(prefix.count)) : name
    }

    /// Whether a header of that name is the one that `wanted`, in lower case, asks for.
    static func matches(_ name: Span<UInt8>, _ wanted: [UInt8], isLoose: Bool) -> Bool {
        guard name.count == wanted.count else { return false }
        for index in wanted.indices {
            let byte = ASCII.lower(name[index])
            guard byte == wanted[index] || isLoose && byte == 0x2D && wanted[index] == 0x5F else { return false }
        }
        return true
    }
}
