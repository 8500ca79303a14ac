internal import Configuration
public import Platform

/// Where metrics are served: the attribute `metricsAddress` of `system.applicationHost/log`, one of ours.
public enum MetricsAddress: Hashable, Sendable {
    /// By TCP; this machine alone where the address says nothing else.
    case internet(SocketAddress)
    /// At a Unix socket: its folder's path, and its name there.
    case local(folder: String, name: String)

    public struct Mistake: Error, Equatable, Sendable {
        public let text: String
    }

    /// Reads `9464`, `127.0.0.1:9464`, `[::1]:9464` or `unix:/run/hostelry/metrics.sock`.
    public init(_ text: String) throws(Mistake) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst(5)
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard path.hasPrefix("/"), !path.utf8.contains(0), let name = parts.last, !name.isEmpty,
                name != ".", name != ".."
            else { throw Mistake(text: "a Unix socket is given by an absolute path, as in unix:/run/metrics.sock") }
            let folder = parts.dropLast().joined(separator: "/")
            self = .local(folder: folder.isEmpty ? "/" : folder, name: String(name))
            return
        }
        let place = text.lastIndex(of: ":")
        let digits = place.map { text[text.index(after: $0)...] } ?? text[...]
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = UInt16(digits),
            port > 0
        else { throw Mistake(text: "a port from 1 to 65535 is missing, as in 127.0.0.1:9464") }
        guard let place else {
            self = .internet(.loopback(port: port))
            return
        }
        var host = String(text[..<place])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { throw Mistake(text: "\"\(host)\" is no IPv6 address") }
        } else if host.contains(":") {
            throw Mistake(text: "an IPv6 address stands in brackets, as in [::1]:9464")
        }
        switch InternetAddress(host) {
        // All of IPv4 alone is the mapped form of 0.0.0.0.
        case .v4(let number)?:
            self = .internet(SocketAddress(high: 0, low: 0xffff_0000_0000 | UInt64(number), port: port))
        case .v6(let high, let low)?: self = .internet(SocketAddress(high: high, low: low, port: port))
        case nil: throw Mistake(text: "\"\(host)\" is no IP address")
        }
    }
}

extension MetricsAddress {
    /// What is wrong with the address in `system.applicationHost/log`; nothing where there is none.
    static func problem(_ log: Element) -> Problem? {
        let text = log.string("metricsAddress")
        guard !text.isEmpty else { return nil }
        do throws(Mistake) {
            _ = try MetricsAddress(text)
            return nil
        } catch {
            return Problem(
                .error, at: log.source("metricsAddress"), object: "",
                "Metrics cannot be served at \"\(text)\": \(error.text)")
        }
    }
}
