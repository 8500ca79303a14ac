import Wire

/// What becomes of a field of a backend's response.
enum BackendResponseField: Equatable {
    /// It concerns the backend's connection, or the router says it.
    case dropped
    case connection
    case server
    /// One that HTTP.sys knows, with its number: of several the last counts.
    case known(UInt8)
    /// Each stays.
    case repeatable

    /// HTTP.sys's known response headers, but `Set-Cookie` and `WWW-Authenticate`, which may come several times, by the
    /// length of their names.
    init(_ name: Span<UInt8>) {
        switch name.count {
        case 3:
            if name.equalsIgnoringCase("age") { self = .known(0) } else { self = Self.known(name, "via", 1) }
        case 4:
            if name.equalsIgnoringCase("date") {
                self = .dropped
            } else {
                self = Self.known(name, "etag", 2, "vary", 3)
            }
        case 5: self = Self.known(name, "allow", 4)
        case 6: self = name.equalsIgnoringCase("server") ? .server : Self.known(name, "pragma", 5)
        case 7:
            if name.equalsIgnoringCase("upgrade") || name.equalsIgnoringCase("trailer") {
                self = .dropped
            } else {
                self = Self.known(name, "expires", 6, "warning", 7)
            }
        case 8: self = Self.known(name, "location", 8)
        case 10:
            if name.equalsIgnoringCase("connection") {
                self = .connection
            } else {
                self = name.equalsIgnoringCase("keep-alive") ? .dropped : .repeatable
            }
        case 11: self = Self.known(name, "content-md5", 9, "retry-after", 10)
        case 12: self = Self.known(name, "content-type", 11)
        case 13:
            if name.equalsIgnoringCase("last-modified") {
                self = .known(12)
            } else if name.equalsIgnoringCase("content-range") {
                self = .known(13)
            } else {
                self = Self.known(name, "cache-control", 14, "accept-ranges", 15)
            }
        case 14: self = name.equalsIgnoringCase("content-length") ? .dropped : .repeatable
        case 16:
            if name.equalsIgnoringCase("proxy-connection") {
                self = .dropped
            } else if name.equalsIgnoringCase("content-location") {
                self = .known(16)
            } else {
                self = Self.known(name, "content-encoding", 17, "content-language", 18)
            }
        case 17: self = name.equalsIgnoringCase("transfer-encoding") ? .dropped : .repeatable
        case 18: self = Self.known(name, "proxy-authenticate", 19)
        default: self = .repeatable
        }
    }

    private static func known(_ name: Span<UInt8>, _ one: StaticString, _ number: UInt8) -> BackendResponseField {
        name.equalsIgnoringCase(one) ? .known(number) : .repeatable
    }

    private static func known(
        _ name: Span<UInt8>, _ one: StaticString, _ number: UInt8, _ other: StaticString, _ otherNumber: UInt8
    ) -> BackendResponseField {
        name.equalsIgnoringCase(one) ? .known(number) : known(name, other, otherNumber)
    }
}
