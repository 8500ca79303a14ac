package import Configuration

/// A section that restricts access at a path and that nothing here enforces: such a path is not served.
///
/// A section leaves this table when a module that reads it is compiled in (`ModuleDefinition.sections`).
struct UnenforcedSection {
    let name: String
    let source: Provenance

    /// For the administrator: which section, and where it stands.
    var explanation: String {
        let place = source.file.map { " (\($0), line \(source.line))" } ?? ""
        return "Section \(name)\(place) restricts access here and is not enforced yet"
    }

    private struct Rule {
        let section: String
        let restricts: @Sendable (Element) -> Bool
    }

    private static let rules: [Rule] = [
        Rule(section: "system.webServer/security/ipSecurity") { section in
            !section.bool("allowUnlisted") || section.items.contains { !$0.bool("allowed") }
        },
        Rule(section: "system.webServer/security/dynamicIpSecurity") { section in
            !section.bool("enableLoggingOnlyMode")
                && (section.element("denyByConcurrentRequests").bool("enabled")
                    || section.element("denyByRequestRate").bool("enabled"))
        },
        Rule(section: "system.webServer/rewrite/globalRules", restricts: denies),
        Rule(section: "system.webServer/rewrite/rules", restricts: denies),
        Rule(section: "system.webServer/cors") { $0.bool("enabled") && $0.bool("failUnlistedOrigins") },
    ]

    /// Every section of the table.
    static let names = rules.map(\.section)

    /// The first section of the table that restricts access here and is not among `enforced`.
    static func first(
        in configuration: PathConfiguration, enforced: Set<String>
    ) throws(ConfigurationError) -> UnenforcedSection? {
        for rule in rules where !enforced.contains(rule.section) {
            guard let section = try configuration.declaredSection(rule.section) else { continue }
            if rule.restricts(section) { return UnenforcedSection(name: rule.section, source: section.source) }
        }
        return nil
    }

    /// Whether some rule of URL Rewrite refuses requests: `AbortRequest`, or a `CustomResponse` that is an error.
    @Sendable
    private static func denies(_ section: Element) -> Bool {
        section.items.contains { rule in
            guard rule.bool("enabled") else { return false }
            let action = rule.element("action")
            return switch action.member("type") {
            case "AbortRequest": true
            case "CustomResponse": action.integer("statusCode") >= 400
            default: false
            }
        }
    }
}

extension PathConfiguration {
    /// The section, or `nil` where the server declares none of that name.
    package func declaredSection(_ name: String) throws(ConfigurationError) -> Element? {
        do {
            return try section(name)
        } catch {
            if error.message.contains("missing a section declaration") { return nil }
            throw error
        }
    }
}
