public import Platform

/// Which requests a site takes: a protocol, an address, a port and a host name (reference §4.1).
public struct Binding: Hashable, Sendable {
    public enum Host: Hashable, Sendable {
        case any
        /// In lower case.
        case exact(String)
        /// `a.com`, in lower case, for `*.a.com`.
        case suffix(String)
    }

    /// `http`, `https` or a protocol that is not served here; in lower case.
    public let `protocol`: String
    /// As written, for example `*:80:www.a.com`.
    public let information: String
    /// Nil for every address.
    public let address: InternetAddress?
    public let port: UInt16
    public let host: Host
    /// Bits: 1 SNI, 2 certificate store, 4 no HTTP/2, 8 no OCSP stapling, 16 no HTTP/3, 32 no TLS 1.3, 64 no legacy TLS.
    public let sslFlags: UInt32
    public internal(set) var line: SourceLine

    public var isHTTP: Bool { self.protocol == "http" }
    public var isHTTPS: Bool { self.protocol == "https" }

    /// Reads `address:port:host`; throws what is wrong and what would be right.
    init(
        protocol name: String, information: String, sslFlags: UInt32, line: Int
    ) throws(BindingRefusal) {
        let parts = try Self.split(information)
        let portText = parts.port
        guard let port = UInt16(portText), port > 0, portText.utf8.first != UInt8(ascii: "+") else {
            throw BindingRefusal(reason: "the port '\(portText)' is not a number from 1 to 65535")
        }
        var address: InternetAddress?
        if !parts.address.isEmpty, parts.address != "*" {
            guard let read = InternetAddress(String(parts.address)) else {
                throw BindingRefusal(reason: "'\(parts.address)' is no IP address; write *, an IPv4 address or [IPv6]")
            }
            address = read
        }
        self.protocol = name.lowercased()
        self.information = information
        self.address = address
        self.port = port
        self.host = try Self.host(parts.host.lowercased())
        self.sslFlags = sslFlags
        self.line = SourceLine(line)
    }

    /// Same place to listen and same host name, so that only one site can have it.
    public func collides(with other: Binding) -> Bool {
        address == other.address && port == other.port && host == other.host
    }

    /// By bytes: a large server has ten thousands of them.
    private static func split(
        _ information: String
    ) throws(BindingRefusal) -> (address: Substring, port: Substring, host: Substring) {
        let (bytes, colon) = (information.utf8, UInt8(ascii: ":"))
        let address: Substring
        let rest: Substring.UTF8View
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else {
                throw BindingRefusal(reason: "the bracket [ is not closed")
            }
            address = information[bytes.index(after: bytes.startIndex)..<end]
            rest = bytes[bytes.index(after: end)...]
        } else {
            let end = bytes.firstIndex(of: colon) ?? bytes.endIndex
            address = information[..<end]
            rest = bytes[end...]
        }
        let fields = rest.dropFirst()
        guard rest.first == colon, let end = fields.firstIndex(of: colon) else { throw Self.malformed }
        let host = fields[fields.index(after: end)...]
        guard !host.contains(colon) else { throw Self.malformed }
        return (address, Substring(fields[..<end]), Substring(host))
    }

    private static var malformed: BindingRefusal {
        BindingRefusal(reason: "it must have the form address:port:host, for example *:80:www.example.com")
    }

    private static func host(_ text: String) throws(BindingRefusal) -> Host {
        if text.isEmpty || text == "*" { return .any }
        let wildcard = text.hasPrefix("*.")
        let name = wildcard ? String(text.dropFirst(2)) : text
        guard isName(name.utf8), name.utf8.count <= 253 else {
            throw BindingRefusal(
                reason: "'\(text)' is no host name; * may only be the whole first label, and other letters are written "
                    + "in punycode")
        }
        return wildcard ? .suffix(name) : .exact(name)
    }

    /// Labels of letters in lower case, digits, hyphens and underscores, with a dot between each two.
    private static func isName(_ bytes: String.UTF8View) -> Bool {
        var isLabelEmpty = true
        for byte in bytes {
            switch byte {
            case 97...122, 48...57, 45, 95: isLabelEmpty = false
            case 46 where !isLabelEmpty: isLabelEmpty = true
            default: return false
            }
        }
        return !isLabelEmpty
    }
}

/// Why a binding's text makes no binding.
struct BindingRefusal: Error {
    let reason: String
}
