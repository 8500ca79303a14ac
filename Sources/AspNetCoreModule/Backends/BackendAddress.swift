public import Platform

/// Where a backend listens.
public enum BackendAddress: Hashable, Sendable, CustomStringConvertible {
    /// A loopback address.
    case tcp(SocketAddress)
    /// A Unix socket's path.
    case unix(String)

    public var description: String {
        switch self {
        case .tcp(let address): "port \(address.port)"
        case .unix(let path): path
        }
    }
}
