import HostModel
import Platform
import Wire

/// Which site takes a request: HTTP.sys's precedence over the bindings of a model (reference §8.8).
struct BindingSearch {
    struct Candidate {
        let site: Site
        let binding: Binding
        let kind: Kind
        /// Whether the binding names the address.
        let isAddressBound: Bool
    }

    /// In order of precedence.
    enum Kind: Int {
        case exactHost, hostSuffix, noHost

        var text: String {
            switch self {
            case .exactHost: "its host name is the request's"
            case .hostSuffix: "its wildcard fits the request's host name"
            case .noHost: "it takes every host name"
            }
        }
    }

    /// Those that fit, the one that takes the request first. Sites that do not start with the server have none.
    let candidates: [Candidate]
    /// Whether somebody listens at the port at all.
    let isListening: Bool
    /// Sites that would have had a fitting binding, were they started.
    let stopped: [Site]

    init(_ model: HostModel, host: String, local: Endpoint, isSecure: Bool) {
        var found: [Candidate] = []
        var stopped: [Site] = []
        var isListening = false
        for site in model.sites {
            for binding in site.bindings where binding.port == local.port && binding.isHTTPS == isSecure {
                let isOpen = site.serverAutoStart || site.isQuarantined
                if isOpen { isListening = true }
                guard let kind = Self.kind(binding, host.lowercased()), Self.fits(binding, local.address) else {
                    continue
                }
                guard isOpen else {
                    stopped.append(site)
                    continue
                }
                found.append(
                    Candidate(site: site, binding: binding, kind: kind, isAddressBound: Self.isBound(binding)))
            }
        }
        candidates = found.sorted { Self.rank($0) < Self.rank($1) }
        self.isListening = isListening
        self.stopped = stopped
    }

    private static func kind(_ binding: Binding, _ host: String) -> Kind? {
        switch binding.host {
        case .any: .noHost
        case .exact(let name): name == host ? .exactHost : nil
        case .suffix(let name): host.hasSuffix(".\(name)") && host.count > name.count + 1 ? .hostSuffix : nil
        }
    }

    private static func isBound(_ binding: Binding) -> Bool {
        switch binding.address {
        case nil, .v4(0), .v6(0, 0): false
        default: true
        }
    }

    private static func fits(_ binding: Binding, _ local: IPAddress) -> Bool {
        guard isBound(binding), let address = binding.address else { return true }
        return IPAddress(address) == local
    }

    /// Host before address: exact, longest wildcard, none; among equals one that names the address, then the lower id.
    private static func rank(_ candidate: Candidate) -> (Int, Int, Int, UInt32) {
        var length = 0
        if case .suffix(let name) = candidate.binding.host { length = -name.utf8.count }
        return (candidate.kind.rawValue, length, candidate.isAddressBound ? 0 : 1, candidate.site.id)
    }
}
