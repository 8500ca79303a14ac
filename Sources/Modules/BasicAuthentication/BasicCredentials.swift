import Credentials
import Crypto
import Wire

/// The name and the password of an `Authorization: Basic` field (RFC 7617), in UTF-8.
struct BasicCredentials {
    /// At least one byte, at most `maximumName`, without control characters.
    let name: String
    let password: [UInt8]

    /// Unit: bytes.
    static let maximumName = 255

    enum Finding {
        /// The client says nothing, or uses another scheme.
        case none
        /// It says something that no client means.
        case malformed
        case credentials(BasicCredentials)
    }

    /// What the request says. Two fields contradict each other.
    static func of(_ head: RequestHead) -> Finding {
        guard let index = head.field("authorization") else { return .none }
        let value = head.value(ofField: index)
        let scheme = Array("basic".utf8)
        guard value.count >= scheme.count, value.extracting(first: scheme.count).equalsIgnoringCase(scheme.span),
            value.count == scheme.count || value[scheme.count] == UInt8(ascii: " ")
        else { return .none }
        guard head.field("authorization", from: index + 1) == nil else { return .malformed }
        var start = scheme.count
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        guard let text = Base64.decode(value.extracting(droppingFirst: start)) else { return .malformed }
        return BasicCredentials(text).map(Finding.credentials) ?? .malformed
    }

    private init?(_ text: [UInt8]) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), 1...Self.maximumName ~= colon,
            text.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }), text.count - colon - 1 <= PasswordHash.maximumPassword,
            let name = String(validating: text[..<colon], as: UTF8.self)
        else { return nil }
        self.init(name: name, password: Array(text[(colon + 1)...]))
    }

    init(name: String, password: [UInt8]) {
        self.name = name
        self.password = password
    }

    /// The same with `domain\` in front of the name left out. `domain` is in lower case; an empty one is none.
    func leaving(domain: String) -> BasicCredentials {
        guard !domain.isEmpty, name.lowercasedASCII.hasPrefix(domain + "\\"), name.utf8.count > domain.utf8.count + 1
        else { return self }
        return BasicCredentials(
            name: String(decoding: name.utf8.dropFirst(domain.utf8.count + 1), as: UTF8.self), password: password)
    }
}
