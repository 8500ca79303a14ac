/// Who asks, as far as the server came by it.
public enum RequestUser {
    /// No authentication module has taken the request in.
    case unknown
    /// Let in without saying who it is.
    case anonymous
    case authenticated(AuthenticatedUser)
}

/// A client that proved who it is.
public final class AuthenticatedUser: Sendable {
    /// As the client wrote it.
    public let name: String
    /// The groups that the user is in.
    public let roles: [String]
    /// The scheme: `Basic`; the server variable AUTH_TYPE.
    public let scheme: String

    public init(name: String, roles: [String], scheme: String) {
        self.name = name
        self.roles = roles
        self.scheme = scheme
    }
}
