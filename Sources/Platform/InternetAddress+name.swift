internal import Glibc

/// Who an address says it is.
public enum HostNameAnswer: Sendable, Equatable {
    /// A name that leads back to the address.
    case found(String)
    /// There is none.
    case none
    /// The resolver could not be asked.
    case failed
}

extension InternetAddress {
    /// The address's host name as the system's resolver tells it, where the name leads back to the address. Waits for the
    /// network, seconds where nobody answers.
    public func confirmedHostName() -> HostNameAnswer {
        switch hostName() {
        case .found(let name): confirms(name)
        case let other: other
        }
    }

    private func hostName() -> HostNameAnswer {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe withSocketAddress { address, length in
            unsafe getnameinfo(address, length, &name, socklen_t(name.count), nil, 0, NI_NAMEREQD)
        }
        switch code {
        case 0: return .found(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        case EAI_NONAME: return .none
        default: return .failed
        }
    }

    private func confirms(_ name: String) -> HostNameAnswer {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return code == EAI_NONAME ? .none : .failed }
        defer { unsafe freeaddrinfo(list) }
        var entry = unsafe list
        while let each = unsafe entry {
            if unsafe Self(each.pointee.ai_addr) == self { return .found(name) }
            unsafe entry = each.pointee.ai_next
        }
        return .none
    }

    private init?(_ address: UnsafeMutablePointer<sockaddr>?) {
        guard let address = unsafe address else { return nil }
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            // The family says which structure it is.
            let four = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
            self = .v4(UInt32(bigEndian: four.sin_addr.s_addr))
        case AF_INET6:
            let six = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            let halves = unsafe withUnsafeBytes(of: six.sin6_addr) { bytes in
                unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self = .v6(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
        default: return nil
        }
    }

    private func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch self {
        case .v4(let number):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = number.bigEndian
            return unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(let high, let low):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }
}
