import Configuration
import Pipeline
import Wire

/// Refuses requests by what they look like, before anything else sees them.
///
/// Section: `system.webServer/security/requestFiltering`. Stages: BeginRequest, behind the modules that ask for the client's
/// address and answer CORS preflights; SendResponse. The checks run in IIS's order; each has a sub-status of its own. At
/// SendResponse it takes the `Server` header away where `removeServerHeader` says so.
final class RequestFilteringModule: Module {
    static let section = "system.webServer/security/requestFiltering"

    static var definition: ModuleDefinition {
        ModuleDefinition(
            name: "RequestFilteringModule", sections: [section], stages: .on(.beginRequest, .sendResponse),
            priority: .high
        ) { configuration throws(ConfigurationError) in
            RequestFilteringModule(RequestFilter(try configuration.section(section)))
        }
    }

    private let filter: RequestFilter

    init(_ filter: RequestFilter) { self.filter = filter }

    var treatsEveryoneAlike: Bool { filter.treatsEveryoneAlike }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        if stage.notification == .sendResponse {
            if filter.removesServerHeader { request.response.sendsServer = false }
            return .continue
        }
        guard let refusal = limits(request) ?? url(request) ?? query(request) ?? rules(request) else {
            return .continue
        }
        return request.refuse(refusal)
    }

    private func limits(_ request: RequestContext) -> Refusal? {
        let head = request.head
        if case .length(let length) = head.body, length > filter.maximumContentLength { return .contentTooLarge }
        // A body without a length is counted while it comes.
        request.bodyLimit = min(request.bodyLimit, filter.maximumContentLength)
        // The URL and the query of a request for an error's page are the server's own.
        let query = request.makesErrorPage ? 0 : head.query.count
        // The target is the URL, then `?` and the query where there is one.
        if !request.makesErrorPage, head.target.count - (query > 0 ? query + 1 : 0) > filter.maximumURL {
            return .urlTooLong
        }
        if query > filter.maximumQueryString { return .queryStringTooLong }
        if !filter.headerLimits.isEmpty {
            for index in 0..<head.fieldCount {
                for limit in filter.headerLimits
                where head.name(ofField: index).equalsIgnoringCase(limit.name.span)
                    && head.value(ofField: index).count > limit.size
                {
                    return .headerTooLong
                }
            }
        }
        return filter.verbs.allows(head.method) ? nil : .verbDenied
    }

    private func url(_ request: RequestContext) -> Refusal? {
        let bytes = request.resolution.path
        let path = bytes.span
        if !filter.allowsDoubleEscaping, isEscapedTwice(request) { return .doubleEscaping }
        if !filter.allowsHighBitCharacters, containsHighBit(path) { return .highBitCharacters }
        if !filter.deniedURLSequences.isEmpty, !filter.alwaysAllowedURLs.contains(where: { isURL($0, path) }) {
            let head = request.head
            let raw = head.rawURL
            for sequence in filter.deniedURLSequences
            where path.containsIgnoringCase(sequence.span)
                || !request.makesErrorPage && raw.containsIgnoringCase(sequence.span)
            {
                return .urlSequenceDenied
            }
        }
        if !allowsExtension(path) { return .fileExtensionDenied }
        return hidesSegment(path) ? .hiddenSegment : nil
    }

    private func query(_ request: RequestContext) -> Refusal? {
        let head = request.head
        let query = head.query
        guard !request.makesErrorPage, query.count > 0, !filter.deniedQuerySequences.isEmpty else { return nil }
        if filter.alwaysAllowedQueryStrings.contains(where: { $0.span.equalsIgnoringCase(query) }) { return nil }
        let decoded = filter.unescapesQueryString ? PercentEncoding.decode(query) : []
        for sequence in filter.deniedQuerySequences
        where query.containsIgnoringCase(sequence.span) || decoded.span.containsIgnoringCase(sequence.span) {
            return .queryStringSequenceDenied
        }
        return nil
    }

    private func rules(_ request: RequestContext) -> Refusal? {
        for rule in filter.rules where rule.denies(request) { return .filteringRule }
        return nil
    }

    /// Whether decoding the path once more would change it, or a `+` stands in it, which some read as a space.
    private func isEscapedTwice(_ request: RequestContext) -> Bool {
        let bytes = request.resolution.path
        let path = bytes.span
        for index in path.indices where path[index] == 0x25 && PercentEncoding.escape(path, at: index) != nil {
            return true
        }
        let head = request.head
        return !request.makesErrorPage && head.rawURL.firstIndex(of: 0x2B) != nil
    }

    private func containsHighBit(_ path: Span<UInt8>) -> Bool {
        for index in path.indices where path[index] >= 0x80 { return true }
        return false
    }

    /// Whether an entry of `alwaysAllowedUrls`, with or without its leading slash, is the path.
    private func isURL(_ entry: [UInt8], _ path: Span<UInt8>) -> Bool {
        entry.span.equalsIgnoringCase(entry.first == 0x2F ? path : path.extracting(droppingFirst: 1))
    }

    private func allowsExtension(_ path: Span<UInt8>) -> Bool {
        let name = path.extracting(droppingFirst: (path.lastIndex(of: 0x2F) ?? -1) + 1)
        guard let dot = name.lastIndex(of: 0x2E) else { return filter.extensions.allows(Self.none.span) }
        return filter.extensions.allows(name.extracting(droppingFirst: dot))
    }

    private func hidesSegment(_ path: Span<UInt8>) -> Bool {
        var start = 1
        while start <= path.count {
            let end = path.firstIndex(of: 0x2F, from: start) ?? path.count
            let segment = path.extracting(start..<end)
            for hidden in filter.hiddenSegments where segment.equalsIgnoringCase(hidden.span) { return true }
            start = end + 1
        }
        return false
    }

    /// How the section writes that there is no file extension.
    private static let none: [UInt8] = [0x2E]
}
