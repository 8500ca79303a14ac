import Platform

/// A port of this machine's own addresses that nobody listens at.
public enum LoopbackPort {
    /// IIS Express: 8080.
    public static let usual: UInt16 = 8080

    /// `wanted`, or without one the usual port or else any; nil where somebody listens at `wanted` already.
    public static func free(_ wanted: UInt16?) -> UInt16? {
        if let wanted { return port(wanted) }
        return port(usual) ?? port(0)
    }

    /// The loopback addresses that can be listened at, as bindings have them.
    public static func addresses(port: UInt16) -> [String] {
        let v6 = SocketAddress(high: 0, low: 1, port: port)
        return (try? FileDescriptor.listening(at: v6)) == nil ? ["127.0.0.1"] : ["127.0.0.1", "[::1]"]
    }

    private static func port(_ number: UInt16) -> UInt16? {
        guard let socket = try? FileDescriptor.listening(at: .loopback(port: number)) else { return nil }
        return try? socket.localAddress().port
    }
}
