import Configuration
import Pipeline
import Wire

/// One entry of `cors`: which origins, and what their pages may do.
struct OriginRule {
    /// Lower case; `*` stands for any text.
    let origin: [UInt8]
    let isAllowed: Bool
    /// Never for the rule `*`: that would open a signed-in client to every page.
    let allowsCredentials: Bool
    /// How long a browser may remember a preflight; nil to say nothing. Unit: seconds.
    let maximumAge: Int64?
    let allowsRequestedHeaders: Bool
    /// The values of the response fields, empty for none.
    let headers: [UInt8]
    let methods: [UInt8]
    let exposed: [UInt8]
    private let pattern: Wildcard

    init(_ entry: Element) throws(ConfigurationError) {
        let text = entry.string("origin")
        guard !text.isEmpty else { throw entry.invalid("origin") }
        origin = ASCII.lower(text.utf8)
        pattern = Wildcard(origin)
        isAllowed = entry.bool("allowed")
        allowsCredentials = entry.bool("allowCredentials") && text != "*"
        let age = entry.integer("maxAge")
        maximumAge = age < 0 ? nil : age
        allowsRequestedHeaders = entry.element("allowHeaders").bool("allowAllRequestedHeaders")
        headers = try Self.list(entry.element("allowHeaders"), "header")
        methods = try Self.list(entry.element("allowMethods"), "method")
        exposed = try Self.list(entry.element("exposeHeaders"), "header")
    }

    var isForAll: Bool { origin == [0x2A] }
    var isExact: Bool { !origin.contains(0x2A) }

    func matches(_ origin: [UInt8]) -> Bool { pattern.matches(origin.span) }

    private static func list(_ collection: Element, _ attribute: String) throws(ConfigurationError) -> [UInt8] {
        var names: [String] = []
        for entry in collection.items {
            let name = entry.string(attribute)
            guard !name.isEmpty, name.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != 0x2c }) else {
                throw entry.invalid(attribute)
            }
            names.append(name)
        }
        return Array(names.joined(separator: ", ").utf8)
    }
}

/// All entries of `cors`, the most specific first.
struct OriginRules {
    /// Whether requests of origins that no rule allows are refused.
    let failsUnlisted: Bool
    /// Whether `*` is the only rule, so that every response is the same.
    let allowsAnyAlike: Bool
    /// Exact origins, then patterns from the longest to the shortest.
    private let rules: [OriginRule]

    init(_ section: Element) throws(ConfigurationError) {
        failsUnlisted = section.bool("failUnlistedOrigins")
        var rules: [OriginRule] = []
        for entry in section.items { rules.append(try OriginRule(entry)) }
        allowsAnyAlike = rules.count == 1 && rules[0].isForAll && rules[0].isAllowed
        self.rules = rules.sorted {
            ($0.isExact ? 0 : 1, -$0.origin.count) < ($1.isExact ? 0 : 1, -$1.origin.count)
        }
    }

    /// The rule that allows the origin; nil where the most specific one that names it does not, or none names it.
    func rule(for origin: [UInt8]) -> OriginRule? {
        if allowsAnyAlike { return rules[0] }
        guard Self.isOrigin(origin) else { return nil }
        guard let rule = rules.first(where: { $0.matches(origin) }) else { return nil }
        return rule.isAllowed ? rule : nil
    }

    /// Whether the text is an origin as browsers write one: `null`, or a scheme, a host and perhaps a port, so that no
    /// pattern matches what merely ends with an allowed host.
    private static func isOrigin(_ text: [UInt8]) -> Bool {
        if text == Array("null".utf8) { return true }
        let parts = text.split(separator: 0x2F, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].last == 0x3A, parts[0].count > 1, parts[1].isEmpty, !parts[2].isEmpty else {
            return false
        }
        return parts[2].allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F: true
            default: false
            }
        }
    }
}
