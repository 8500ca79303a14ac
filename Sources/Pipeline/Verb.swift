import Wire

/// A request's method, as far as the server itself tells them apart. Methods compare with case.
public enum Verb: Int, Sendable {
    case get, head, post, options, trace, other

    init(_ method: Span<UInt8>) {
        self = .other
        for (verb, name) in Self.names where name.span.equals(method) { self = verb }
    }

    private static let names: [(Verb, [UInt8])] = [
        (.get, Array("GET".utf8)), (.head, Array("HEAD".utf8)), (.post, Array("POST".utf8)),
        (.options, Array("OPTIONS".utf8)), (.trace, Array("TRACE".utf8)),
    ]
}
