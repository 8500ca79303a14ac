import Configuration
import Pipeline
import Wire

/// Asks the rules of a path whether the request's user may use the request's verb.
///
/// Section: `system.webServer/security/authorization`. Stage: AuthorizeRequest. All Deny rules come before all Allow
/// rules, each from the parent level down; without a rule that allows, nobody is let in. Every user is anonymous until
/// further authentication modules are there, so rules with names or roles match nobody.
final class URLAuthorizationModule: Module {
    static let section = "system.webServer/security/authorization"

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "UrlAuthorizationModule", sections: [section], stages: .on(.authorizeRequest)) {
            configuration throws(ConfigurationError) in
            let rules = try configuration.section(section).items.map(Rule.init)
            let isOpen = rules.allSatisfy(\.isAllow) && rules.contains { $0.concernsAnonymous && $0.verbs.isEmpty }
            return isOpen ? nil : URLAuthorizationModule(rules)
        }
    }

    struct Rule {
        let isAllow: Bool
        let concernsAnonymous: Bool
        /// Empty for every verb.
        let verbs: [[UInt8]]

        init(isAllow: Bool, users: String, verbs: String) {
            self.isAllow = isAllow
            concernsAnonymous = ASCII.list(users).contains { $0 == "*" || $0 == "?" }
            self.verbs = ASCII.list(verbs).map { Array($0.utf8) }
        }

        init(_ entry: Element) {
            self.init(
                isAllow: entry.member("accessType") == "Allow", users: entry.string("users"),
                verbs: entry.string("verbs"))
        }

        func concerns(_ verb: Span<UInt8>) -> Bool {
            guard concernsAnonymous, !verbs.isEmpty else { return concernsAnonymous }
            for each in verbs where each.span.equals(verb) { return true }
            return false
        }
    }

    private let rules: [Rule]

    init(_ rules: [Rule]) { self.rules = rules }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        var isAllowed = false
        for rule in rules where rule.concerns(request.head.method) {
            guard rule.isAllow else {
                return request.refuse(.authenticationRequired, "A rule denies this verb and user")
            }
            isAllowed = true
        }
        return isAllowed ? .continue : request.refuse(.authenticationRequired, "No rule allows this verb and user")
    }
}
