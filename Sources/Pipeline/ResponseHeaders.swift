package import Configuration
import Wire

/// The headers that the configuration adds to responses.
///
/// Section: `system.webServer/httpProtocol`. A header that the application set too is sent twice, as by IIS.
struct ResponseHeaders {
    /// For every response.
    let custom: [Field]
    /// For redirections besides.
    let redirect: [Field]
    /// Whether a client's connection may stay open behind a response. IIS: true.
    let allowsKeepAlive: Bool

    struct Field {
        let name: [UInt8]
        let value: [UInt8]
    }

    init(_ section: Element) throws(ConfigurationError) {
        custom = try Self.fields(section.element("customHeaders"))
        redirect = try Self.fields(section.element("redirectHeaders"))
        allowsKeepAlive = section.bool("allowKeepAlive")
        let size = (custom + redirect).reduce(0) { $0 + $1.name.count + $1.value.count }
        guard size <= Self.maximumSize else {
            let source = section.source
            throw ConfigurationError(
                file: source.file ?? "", line: source.line,
                "The headers of httpProtocol are longer than \(Self.maximumSize) bytes together")
        }
    }

    /// What all fields may take together: half of a response's head. Unit: bytes.
    private static let maximumSize = ResponseHead.maximumSize / 2

    private static func fields(_ collection: Element) throws(ConfigurationError) -> [Field] {
        var fields: [Field] = []
        for entry in collection.items {
            let field = Field(name: Array(entry.string("name").utf8), value: Array(entry.string("value").utf8))
            guard field.name.allSatisfy(isToken), !field.name.isEmpty else {
                throw entry.invalid("name", "a header's name is made of letters, digits and !#$%&'*+-.^_`|~")
            }
            guard field.value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw entry.invalid("value", "a header's value holds no line end and no control character")
            }
            fields.append(field)
        }
        return fields
    }

    /// Whether the byte may stand in a header's name (RFC 9110, 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension Element {
    /// The error of a value that its schema allows and its meaning does not.
    ///
    /// - Parameter detail: what would be right; empty where the attribute's name says it.
    package func invalid(_ attribute: String, _ detail: String = "") -> ConfigurationError {
        let source = source(attribute)
        return ConfigurationError(
            file: source.file ?? "", line: source.line, "The '\(attribute)' attribute is invalid.", detail: detail)
    }
}
