import Configuration
import Pipeline
import Wire

/// Tells browsers which pages of other origins may use a URL (cross-origin resource sharing).
///
/// Section: `system.webServer/cors`. Stages: BeginRequest, first, where it answers preflights before anybody asks who the
/// client is; SendResponse, last, where it adds its fields to whatever the answer became. Where `*` is the only rule
/// every response says `*`; else an allowed origin is repeated and every response varies by `Origin`.
final class CORSModule: Module {
    static let section = "system.webServer/cors"

    static var definition: ModuleDefinition {
        ModuleDefinition(
            name: "CorsModule", sections: [section], stages: .on(.beginRequest, .sendResponse), priority: .first,
            sendingPriority: .last
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            return section.bool("enabled") ? CORSModule(try OriginRules(section)) : nil
        }
    }

    private let rules: OriginRules

    init(_ rules: OriginRules) { self.rules = rules }

    var treatsEveryoneAlike: Bool { rules.allowsAnyAlike }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.isOwnURL else { return .continue }
        if stage.notification == .sendResponse {
            if !isPreflight(request) { complete(request) }
            return .continue
        }
        guard let origin = origin(of: request) else { return .continue }
        let rule = rules.rule(for: origin)
        if rule == nil, rules.failsUnlisted { return request.refuse(.originDenied) }
        guard isPreflight(request) else { return .continue }
        return answerPreflight(request, origin, rule)
    }

    /// The `Origin` of a request that a page of another origin makes; nil without one.
    private func origin(of request: RequestContext) -> [UInt8]? {
        let head = request.head
        guard let index = head.field("origin") else { return nil }
        let origin = [UInt8](copying: head.value(ofField: index))
        if let host = head.field("host") {
            let own: StaticString = head.scheme == .https ? "https://" : "http://"
            var text: [UInt8] = []
            text.append(copying: own)
            text.append(copying: head.value(ofField: host))
            if text.span.equalsIgnoringCase(origin.span) { return nil }
        }
        return origin
    }

    private func isPreflight(_ request: RequestContext) -> Bool {
        request.verb == .options && request.head.field("access-control-request-method") != nil
            && request.head.field("origin") != nil
    }

    private func answerPreflight(
        _ request: RequestContext, _ origin: [UInt8], _ rule: OriginRule?
    ) -> NotificationStatus {
        var headers = HeaderBlock()
        if !rules.allowsAnyAlike { headers.append("Vary", "Origin") }
        if let rule {
            allow(origin, rule, &headers)
            if !rule.methods.isEmpty { headers.append("Access-Control-Allow-Methods", rule.methods.span) }
            if rule.allowsRequestedHeaders {
                headers.append("Vary", "Access-Control-Request-Headers")
                let head = request.head
                if let index = head.field("access-control-request-headers"), Self.isList(head.value(ofField: index)) {
                    headers.append("Access-Control-Allow-Headers", head.value(ofField: index))
                }
            } else if !rule.headers.isEmpty {
                headers.append("Access-Control-Allow-Headers", rule.headers.span)
            }
            if let seconds = rule.maximumAge {
                headers.append("Access-Control-Max-Age", Array(String(seconds).utf8).span)
            }
        }
        request.response.headers = headers
        request.response.set(status: 204)
        return .finishRequest
    }

    /// Adds what a page may know to the answer it asked for.
    private func complete(_ request: RequestContext) {
        if !rules.allowsAnyAlike { request.response.headers.append("Vary", "Origin") }
        if rules.allowsAnyAlike, let rule = rules.rule(for: []) {
            allow([], rule, &request.response.headers)
            expose(rule, request)
        } else if let origin = origin(of: request), let rule = rules.rule(for: origin) {
            allow(origin, rule, &request.response.headers)
            expose(rule, request)
        }
    }

    private func allow(_ origin: [UInt8], _ rule: OriginRule, _ headers: inout HeaderBlock) {
        // What the application says about it gives way, as two such fields are none.
        headers.remove(Self.allowOrigin.span)
        headers.remove(Self.allowCredentials.span)
        if rules.allowsAnyAlike {
            headers.append("Access-Control-Allow-Origin", "*")
        } else {
            headers.append("Access-Control-Allow-Origin", origin.span)
            if rule.allowsCredentials { headers.append("Access-Control-Allow-Credentials", "true") }
        }
    }

    private func expose(_ rule: OriginRule, _ request: RequestContext) {
        guard !rule.exposed.isEmpty else { return }
        request.response.headers.append("Access-Control-Expose-Headers", rule.exposed.span)
    }

    /// Whether the text is a list of names, with nothing in it that a field's value must not hold.
    private static func isList(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] < 0x20 || text[index] > 0x7e { return false }
        return true
    }

    private static let allowOrigin = Array("Access-Control-Allow-Origin".utf8)
    private static let allowCredentials = Array("Access-Control-Allow-Credentials".utf8)
}
