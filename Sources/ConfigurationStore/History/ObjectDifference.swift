/// What a version changed of one object: an attribute or another aspect, before and after.
public struct ObjectDifference: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case site
        case pool
        case server
    }

    public let kind: Kind
    /// The site's or pool's name; empty for the server.
    public let name: String
    /// For example `binding`, `limits.maxConnections`, `application /shop: pool`; empty for the object as a whole.
    public let aspect: String
    /// Nil: it was not there.
    public let old: String?
    /// Nil: it is not there any more.
    public let new: String?

    public init(_ kind: Kind, _ name: String, _ aspect: String = "", old: String?, new: String?) {
        self.kind = kind
        self.name = name
        self.aspect = aspect
        self.old = old
        self.new = new
    }
}
