internal import Configuration

/// Sections of `system.webServer/security`, and `cors`.
extension InertSettings {
    private static let authentication = "system.webServer/security/authentication/"

    static let accessRules = [
        Rule(section: authentication + "anonymousAuthentication", findings: anonymousAuthentication),
        Rule(section: authentication + "basicAuthentication", findings: basicAuthentication),
        Rule(section: authentication + "windowsAuthentication", findings: missingScheme),
        Rule(section: authentication + "digestAuthentication", findings: missingScheme),
        Rule(section: authentication + "clientCertificateMappingAuthentication", findings: missingScheme),
        Rule(section: authentication + "iisClientCertificateMappingAuthentication", findings: missingScheme),
        Rule(section: "system.webServer/security/authorization") { section in
            section.inert([("bypassLoginPages", "there are no login pages of forms authentication")])
        },
        Rule(section: "system.webServer/security/ipSecurity", findings: ipSecurity),
        Rule(section: "system.webServer/security/requestFiltering") { section in
            ["fileExtensions", "verbs", "hiddenSegments"].flatMap {
                section.element($0).inert([("applyToWebDAV", "there is no WebDAV")])
            }
        },
        Rule(section: "system.webServer/cors", findings: cors),
    ]

    private static let noAccounts = "nobody is logged on to the system; requests run as the pool's user"

    @Sendable
    private static func anonymousAuthentication(_ section: Element) -> [Finding] {
        let userName = section.string("userName")
        var findings = section.inert([("password", noAccounts), ("logonMethod", noAccounts)])
        // IIS's own account and the pool's, which its files name.
        if !userName.isEmpty, userName != "IUSR" { findings.append(section.inert("userName", noAccounts)) }
        return findings
    }

    @Sendable
    private static func basicAuthentication(_ section: Element) -> [Finding] {
        var findings = section.inert([("logonMethod", noAccounts)])
        guard section.bool("enabled") else { return findings }
        func find(_ attribute: String, _ message: String) {
            findings.append(Finding(source: section.source(attribute), message: message))
        }
        find("enabled", "Basic authentication sends passwords as good as in clear; offer it over https only")
        if section.string("usersFile").isEmpty {
            find("enabled", "Nobody can sign in: basicAuthentication names no usersFile")
        }
        for attribute in ["usersFile", "groupsFile"] {
            let path = section.string(attribute)
            if !path.isEmpty, !path.hasPrefix("/") {
                find(
                    attribute,
                    "'\(attribute)' must be an absolute path, not \(path); until then every request is 500.19")
            }
        }
        return findings
    }

    @Sendable
    private static func missingScheme(_ section: Element) -> [Finding] {
        guard section.bool("enabled") else { return [] }
        return [section.inert("enabled", "this server does not offer the scheme, and nobody signs in by it")]
    }

    @Sendable
    private static func ipSecurity(_ section: Element) -> [Finding] {
        let asksForNames = section.bool("enableReverseDns")
        return section.items.compactMap { entry in
            guard !entry.string("domainName").isEmpty else { return nil }
            if !entry.string("ipAddress").isEmpty {
                return entry.inert("domainName", "the rule is for its ipAddress")
            }
            return asksForNames ? nil : entry.inert("domainName", "names are asked for with enableReverseDns only")
        }
    }

    @Sendable
    private static func cors(_ section: Element) -> [Finding] {
        section.items.compactMap { entry in
            guard entry.string("origin") == "*", entry.bool("allowCredentials") else { return nil }
            return entry.inert("allowCredentials", "what every origin may read is never shared with credentials")
        }
    }
}
