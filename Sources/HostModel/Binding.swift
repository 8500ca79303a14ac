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
        guard let port = UInt16(portText), port > 0, portText.first != "+" else {
            throw BindingRefusal(reason: "the port '\(portText)' is not a number from 1 to 65535")
        }
        var address: InternetAddress?
        if !parts.address.isEmpty, parts.address != "*" {
            guard let read = InternetAddress(parts.address) else {
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

    private static func split(
        _ information: String
    ) throws(BindingRefusal) -> (address: String, port: String, host: String) {
        var rest = information[...]
        let address: Substring
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else {
                throw BindingRefusal(reason: "the bracket [ is not closed")
            }
            address = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
        } else {
            address = rest.prefix { $0 != ":" }
            rest = rest[address.endIndex...]
        }
        let fields = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].isEmpty else {
            throw BindingRefusal(reason: "it must have the form address:port:host, for example *:80:www.example.com")
        }
        return (String(address), String(fields[1]), String(fields[2]))
    }

    private static func host(_ text: String) throws(BindingRefusal) -> Host {
        if text.isEmpty || text == "*" { return .any }
        let wildcard = text.hasPrefix("*.")
        let name = wildcard ? String(text.dropFirst(2)) : text
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let valid = labels.allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy { byte in
                    (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 95
                }
        }
        guard valid, name.utf8.count <= 253 else {
            throw BindingRefusal(
                reason: "'\(text)' is no host name; * may only be the whole first label, and other letters are written "
                    + "in punycode")
        }
        return wildcard ? .suffix(name) : .exact(name)
    }
}

/// Why a binding's text makes no binding.
struct BindingRefusal: Error {
    let reason: String
}
