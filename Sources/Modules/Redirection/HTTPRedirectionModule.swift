import Configuration
import Pipeline
import Wire

/// Sends clients to another address, with or without the rest of the path that they asked for.
///
/// Section: `system.webServer/httpRedirect`. Stage: BeginRequest. The first wildcard of the table that fits decides, else
/// `destination`. A redirection that leads to itself is not noticed, as in IIS: the browser gives up. What a default
/// document or an error page is made of is not sent elsewhere; only the client's own URL is.
final class HTTPRedirectionModule: Module {
    static let section = "system.webServer/httpRedirect"

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "HttpRedirectionModule", sections: [section], stages: .on(.beginRequest)) {
            configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            guard section.bool("enabled") else { return nil }
            return try HTTPRedirectionModule(section)
        }
    }

    private struct Rule {
        /// Whether the pattern is of the whole path; else of what lies behind the place of the section.
        let isAbsolute: Bool
        let pattern: WildcardCaptures
        let target: RedirectTarget
    }

    /// Nil where the table alone redirects.
    private let target: RedirectTarget?
    private let rules: [Rule]
    /// The attribute that says at which place the redirection stands.
    private let origin: String
    private let isExact: Bool
    private let isForChildrenOnly: Bool
    private let status: UInt16

    init(_ section: Element) throws(ConfigurationError) {
        let destination = section.string("destination")
        try Self.check(destination, of: section)
        target = destination.isEmpty ? nil : RedirectTarget(destination)
        var rules: [Rule] = []
        for entry in section.items {
            let wildcard = Array(entry.string("wildcard").utf8)
            let destination = entry.string("destination")
            try Self.check(destination, of: entry)
            rules.append(
                Rule(
                    isAbsolute: wildcard.first == 0x2F, pattern: WildcardCaptures(wildcard),
                    target: RedirectTarget(destination)))
        }
        self.rules = rules
        origin = destination.isEmpty ? "enabled" : "destination"
        isExact = section.bool("exactDestination")
        isForChildrenOnly = section.bool("childOnly")
        status = UInt16(clamping: section.integer("httpResponseStatus"))
    }

    private static func check(_ destination: String, of element: Element) throws(ConfigurationError) {
        guard destination.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw element.invalid("destination", "an address holds no line end and no control character")
        }
    }

    /// It looks at nothing but the URL.
    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.isOwnURL else { return .continue }
        let path = request.resolution.path
        let suffix = Array(path[request.resolution.length(ofOriginOf: origin, in: Self.section)...])
        let rest = Array(suffix.drop { $0 == 0x2F })
        if isForChildrenOnly, rest.contains(0x2F) { return .continue }
        let query = [UInt8](copying: request.head.query)
        for rule in rules {
            guard let captures = rule.pattern.match(rule.isAbsolute ? path : rest) else { continue }
            let parts = RedirectTarget.Request(path: path, suffix: suffix, query: query, captures: captures)
            let location = rule.target.location(parts, appendsSuffix: false, appendsQuery: !isExact)
            return request.redirect(to: location, status: status)
        }
        guard let target else { return .continue }
        let parts = RedirectTarget.Request(path: path, suffix: suffix, query: query, captures: [])
        let location = target.location(parts, appendsSuffix: !isExact, appendsQuery: !isExact)
        return request.redirect(to: location, status: status)
    }
}
