import Configuration
import Credentials
import Pipeline
import Wire

/// What `ipSecurity` says, ready to be asked about addresses.
struct AddressRules {
    struct Rule {
        enum Subject {
            case addresses(AddressRange)
            /// A host name in lower case; `*.example.com` stands for all names below.
            case domain(String)
        }

        let subject: Subject
        let isAllowed: Bool
    }

    enum Verdict: Equatable {
        case allowed
        case denied(DenyAction.Reason)
        /// A rule asks for the host name, which is not known yet.
        case needsName
    }

    let denyAction: DenyAction
    let examinesForwardedFor: Bool
    private let allowsUnlisted: Bool
    private let rules: [Rule]

    init(_ section: Element) throws(ConfigurationError) {
        denyAction = DenyAction(section)
        examinesForwardedFor = section.bool("enableProxyMode")
        allowsUnlisted = section.bool("allowUnlisted")
        let asksForNames = section.bool("enableReverseDns")
        var rules: [Rule] = []
        for entry in section.items {
            let isAllowed = entry.bool("allowed")
            let address = entry.string("ipAddress")
            let domain = entry.string("domainName")
            if !address.isEmpty {
                guard let range = AddressRange(address: address, mask: entry.string("subnetMask")) else {
                    throw entry.invalid(IPAddress(text: address) == nil ? "ipAddress" : "subnetMask")
                }
                rules.append(Rule(subject: .addresses(range), isAllowed: isAllowed))
            } else if !domain.isEmpty, asksForNames {
                rules.append(Rule(subject: .domain(domain.lowercasedASCII), isAllowed: isAllowed))
            }
        }
        self.rules = rules
    }

    var restrictsNobody: Bool { allowsUnlisted && rules.allSatisfy(\.isAllowed) && !examinesForwardedFor }

    /// A name that cannot be found out is denied by rules that deny names, and by no means let in by those that allow them.
    func verdict(_ address: IPAddress, name: HostNames.Answer?) -> Verdict {
        for rule in rules {
            switch rule.subject {
            case .addresses(let range):
                if range.contains(address) { return rule.isAllowed ? .allowed : .denied(.address) }
            case .domain(let domain):
                switch name {
                case nil: return .needsName
                case .none?: continue
                case .unknown?: if !rule.isAllowed { return .denied(.hostName) }
                case .name(let name)?:
                    if Self.matches(name, domain) { return rule.isAllowed ? .allowed : .denied(.hostName) }
                }
            }
        }
        return allowsUnlisted ? .allowed : .denied(.address)
    }

    private static func matches(_ name: String, _ domain: String) -> Bool {
        domain.hasPrefix("*.") ? name.hasSuffix(domain.dropFirst()) : name == domain
    }
}
