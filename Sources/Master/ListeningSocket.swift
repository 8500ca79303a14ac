import Platform
import Wire

/// A listening socket, kept by the master whatever happens to the router.
final class ListeningSocket {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// Where it listens; nil where the system does not say.
    var endpoint: Endpoint? {
        guard let address = try? descriptor.localAddress() else { return nil }
        let ip = IPAddress(high: address.high, low: address.low)
        // On a machine without IPv6 every address is 0.0.0.0.
        return Endpoint(address: ip.v4 == 0 ? .any : ip, port: address.port)
    }
}
