public import Platform

/// A port of this machine's own addresses, with sockets that listen there: nobody else can take it meanwhile.
public struct LoopbackSockets: Sendable {
    public let port: UInt16
    public let sockets: [HeldSocket]
    /// As bindings have them.
    public let addresses: [String]

    /// IIS Express: 8080.
    public static let usual: UInt16 = 8080

    /// At `wanted`, or without one at the usual port or else any; nil where somebody listens at `wanted` already.
    public static func take(_ wanted: UInt16?) -> LoopbackSockets? {
        if let wanted { return LoopbackSockets(wanted) }
        return LoopbackSockets(usual) ?? LoopbackSockets(0)
    }

    private init?(_ number: UInt16) {
        guard let v4 = HeldSocket(at: .loopback(port: number)) else { return nil }
        port = v4.address.port
        // A machine may have no IPv6.
        let v6 = HeldSocket(at: SocketAddress(high: 0, low: 1, port: port))
        sockets = [v4, v6].compactMap(\.self)
        addresses = v6 == nil ? ["127.0.0.1"] : ["127.0.0.1", "[::1]"]
    }
}
