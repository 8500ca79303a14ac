import Configuration
import Credentials
import Pipeline
import Wire

/// Asks the rules of a path whether the request's user may use the request's verb.
///
/// Section: `system.webServer/security/authorization`. Stage: AuthorizeRequest. All Deny rules come before all Allow
/// rules, each from the parent level down; without a rule that allows, nobody is let in.
final class URLAuthorizationModule: Module {
    static let section = "system.webServer/security/authorization"

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "UrlAuthorizationModule", sections: [section], stages: .on(.authorizeRequest)) {
            configuration throws(ConfigurationError) in
            let rules = try configuration.section(section).items.map(AuthorizationRule.init)
            let isOpen = rules.allSatisfy(\.isAllow) && rules.contains { $0.concernsEverybody && $0.verbs.isEmpty }
            return isOpen ? nil : URLAuthorizationModule(rules)
        }
    }

    private let rules: [AuthorizationRule]

    init(_ rules: [AuthorizationRule]) { self.rules = rules }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        var isAllowed = false
        for rule in rules where rule.concerns(request.user, verb: request.head.method) {
            guard rule.isAllow else {
                return request.refuse(.authenticationRequired, "A rule denies this verb and user")
            }
            isAllowed = true
        }
        return isAllowed ? .continue : request.refuse(.authenticationRequired, "No rule allows this verb and user")
    }
}

/// One rule of `<authorization>`: whom it concerns, by which verbs, and whether it lets them in.
///
/// `users` and `roles` are comma lists; `*` among the users stands for everybody, `?` for anonymous clients. Names
/// compare without the case of ASCII letters, verbs with it.
struct AuthorizationRule {
    let isAllow: Bool
    let concernsEverybody: Bool
    private let concernsAnonymous: Bool
    private let users: Set<String>
    private let roles: Set<String>
    /// Empty for every verb.
    let verbs: [[UInt8]]

    init(isAllow: Bool, users: String, roles: String, verbs: String) {
        self.isAllow = isAllow
        let users = ASCII.list(users)
        concernsEverybody = users.contains("*")
        concernsAnonymous = users.contains("?")
        self.users = Set(users.map(\.lowercasedASCII))
        self.roles = Set(ASCII.list(roles).map(\.lowercasedASCII))
        self.verbs = ASCII.list(verbs).map { Array($0.utf8) }
    }

    init(_ entry: Element) {
        self.init(
            isAllow: entry.member("accessType") == "Allow", users: entry.string("users"),
            roles: entry.string("roles"), verbs: entry.string("verbs"))
    }

    func concerns(_ user: RequestUser, verb: Span<UInt8>) -> Bool {
        guard concerns(user) else { return false }
        guard !verbs.isEmpty else { return true }
        for each in verbs where each.span.equals(verb) { return true }
        return false
    }

    private func concerns(_ user: RequestUser) -> Bool {
        if concernsEverybody { return true }
        guard case .authenticated(let user) = user else { return concernsAnonymous }
        // A name is no wildcard, whatever it is.
        let name = user.name.lowercasedASCII
        if name != "?", users.contains(name) { return true }
        return user.roles.contains { roles.contains($0.lowercasedASCII) }
    }
}
