/// A place in the hierarchy below the server: a site and a decoded URL path in it, for example `Site` and `/app/a.htm`.
///
/// The text form is `MACHINE/WEBROOT/APPHOST/Site/app/a.htm`; the server itself is `MACHINE/WEBROOT/APPHOST`.
public struct ConfigurationPath: Hashable, Sendable, CustomStringConvertible {
    public static let server = "MACHINE/WEBROOT/APPHOST"

    /// Nil for the server level.
    public let site: String?
    /// The URL path's segments, none of them empty.
    public let segments: [String]

    public init(site: String, path: String = "/") {
        self.site = site
        segments = path.split(separator: "/").map(String.init)
    }

    /// The server level.
    public init() {
        site = nil
        segments = []
    }

    /// Reads `Site/app/dir`, with or without the server's own path before it; an empty text is the server level.
    public init(text: String) {
        var parts = text.split(separator: "/").map(String.init)
        let server = Self.server.split(separator: "/").map { $0.lowercased() }
        if parts.prefix(server.count).map({ $0.lowercased() }) == server { parts.removeFirst(server.count) }
        site = parts.first
        segments = Array(parts.dropFirst())
    }

    public var description: String {
        ([Self.server] + [site].compactMap(\.self) + segments).joined(separator: "/")
    }
}
