public import Configuration

/// What administration.config says of who may administrate what: `system.webServer/management/authorization`, as on IIS.
///
///     <authorizationRules>
///         <scope path="/"> <add name="web-team" isRole="true"/> </scope>
///         <scope path="/blog"> <add name="alice"/> </scope>
///     </authorizationRules>
///
/// Names are accounts and groups (`isRole`) of this machine, or their numbers. IIS's own users, which have a password in
/// `authentication/credentials`, are nobody here.
public struct Delegations: Equatable, Sendable {
    public static let section = "system.webServer/management/authorization"
    /// Whose members administrate a server that names no administrators. Where the machine has no such group, nobody does.
    public static let usualGroup = "hostelry-admin"

    public struct Member: Hashable, Sendable {
        public let name: String
        public let isGroup: Bool

        public init(_ name: String, isGroup: Bool = false) {
            self.name = name
            self.isGroup = isGroup
        }
    }

    public struct Scope: Equatable, Sendable {
        /// The server itself where it names no site.
        public let path: ConfigurationPath
        public let members: [Member]

        public init(_ path: ConfigurationPath, _ members: [Member]) {
            self.path = path
            self.members = members
        }
    }

    /// In the file's order.
    public let scopes: [Scope]

    public init(_ scopes: [Scope] = []) { self.scopes = scopes }

    /// Of administration.config, read as a server's file is.
    public init(_ administration: ServerConfiguration) {
        let rules = administration.section(Self.section).element("authorizationRules")
        scopes = rules.items.map { scope in
            Scope(
                ConfigurationPath(text: scope.string("path")),
                scope.items.map { Member($0.string("name"), isGroup: $0.bool("isRole")) })
        }
    }

    /// Who administrates the whole server, besides its owner and root.
    public var administrators: [Member] {
        let named = scopes.filter { $0.path.site == nil }
        return named.isEmpty ? [Member(Self.usualGroup, isGroup: true)] : named.flatMap(\.members)
    }
}
