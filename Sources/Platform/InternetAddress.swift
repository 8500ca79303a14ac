internal import Glibc

/// An IPv4 or IPv6 address.
public enum InternetAddress: Hashable, Sendable {
    /// The first number of the dotted form in the highest byte.
    case v4(UInt32)
    /// The two halves, most significant first.
    case v6(high: UInt64, low: UInt64)

    /// Reads `127.0.0.1` or `::1`, without brackets and without a zone.
    public init?(_ text: String) {
        var four = in_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let halves = unsafe withUnsafeBytes(of: &six) { bytes in
            unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .v6(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
    }
}
