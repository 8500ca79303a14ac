/// Codings of content that can be made here (RFC 9110, 8.4.1; RFC 7932; RFC 8878).
public enum ContentCoding: UInt8, CaseIterable, Sendable {
    case gzip, deflate, br, zstd

    /// As `Content-Encoding` names it.
    public var token: StaticString {
        switch self {
        case .gzip: "gzip"
        case .deflate: "deflate"
        case .br: "br"
        case .zstd: "zstd"
        }
    }

    /// The coding of that name, in any case of letters; `x-gzip` is gzip.
    public init?(_ name: Span<UInt8>) {
        let whole = 0..<name.count
        switch name.count {
        case 2 where name.holds(whole, ignoringCase: "br"): self = .br
        case 4 where name.holds(whole, ignoringCase: "gzip"): self = .gzip
        case 4 where name.holds(whole, ignoringCase: "zstd"): self = .zstd
        case 6 where name.holds(whole, ignoringCase: "x-gzip"): self = .gzip
        case 7 where name.holds(whole, ignoringCase: "deflate"): self = .deflate
        default: return nil
        }
    }
}
