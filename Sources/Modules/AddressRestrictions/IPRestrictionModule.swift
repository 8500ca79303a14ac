import Configuration
import Pipeline
import Wire

/// Lets in or turns away by the client's address or host name.
///
/// Section: `system.webServer/security/ipSecurity`. Stage: BeginRequest, first. The first rule that names the address
/// decides; an address that no rule names is let in unless `allowUnlisted` is false. With `enableProxyMode` every address
/// in `X-Forwarded-For` must be let in besides the connection's own. Rules of domain names are asked with
/// `enableReverseDns` only; without it they name nobody, as in IIS.
final class IPRestrictionModule: Module {
    static let section = "system.webServer/security/ipSecurity"

    static func definition(_ names: HostNames) -> ModuleDefinition {
        ModuleDefinition(
            name: "IpRestrictionModule", sections: [section], stages: .on(.beginRequest), priority: .first
        ) { configuration throws(ConfigurationError) in
            let rules = try AddressRules(try configuration.section(section))
            return rules.restrictsNobody ? nil : IPRestrictionModule(rules, names)
        }
    }

    private let rules: AddressRules
    private let names: HostNames

    init(_ rules: AddressRules, _ names: HostNames) {
        self.rules = rules
        self.names = names
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        var addresses = [request.head.remote.address]
        if rules.examinesForwardedFor {
            guard let forwarded = ForwardedFor.addresses(request.head) else {
                return request.refuse(.forwardedForInvalid)
            }
            addresses += forwarded
        }
        return judge(addresses[...], request) ?? .pending
    }

    /// Asks the rules about each address. Nil where a name must be found out first: the request is then resumed.
    private func judge(_ addresses: ArraySlice<IPAddress>, _ request: RequestContext) -> NotificationStatus? {
        for index in addresses.indices {
            let address = addresses[index]
            switch rules.verdict(address, name: names.known(address)) {
            case .allowed: continue
            case .denied(let reason): return rules.denyAction.deny(request, reason)
            case .needsName:
                names.find(address) { [self] in
                    if let status = judge(addresses[index...], request) { request.resume(status) }
                }
                return nil
            }
        }
        return .continue
    }
}
