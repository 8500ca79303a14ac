package import Configuration
package import Pipeline
import Wire

/// The entry or attribute of the configuration that decided what a module did with a request: for `hostelry explain`.
///
/// It is looked for when somebody asks, so that modules keep nothing of it; each case looks as the module does.
package struct DecidingEntry: Equatable, Sendable {
    /// Its own tag, or its name and value.
    package let text: String
    package let source: Provenance

    /// Nil where no single line decided, for example where a default of the schema holds.
    ///
    /// - Parameters:
    ///   - module: the one that has just answered or refused.
    ///   - place: what the path meant that it was asked about; a child request has another.
    package static func of(_ request: RequestContext, by module: String, at place: Resolution) -> DecidingEntry? {
        guard let configuration = place.configuration else { return nil }
        let search = DecidingEntrySearch(request: request, configuration: configuration, path: place.path)
        if let failure = request.failure {
            return failure.module == module ? search.refusing(failure.refusal, by: module) : nil
        }
        return search.answering(module)
    }

    init(_ entry: Element) {
        let attributes = entry.document.map { Array($0.attributes) } ?? []
        text = "<\(entry.name)\(attributes.map { " \($0.name)=\"\($0.value)\"" }.joined())>"
        source = entry.source
    }

    /// Nil for an attribute that nobody writes.
    init?(_ element: Element, _ attribute: String) {
        guard let value = element.written(attribute) else { return nil }
        text = "\(attribute)=\"\(value)\""
        source = element.source(attribute)
    }
}

private struct DecidingEntrySearch {
    let request: RequestContext
    let configuration: PathConfiguration
    let path: [UInt8]

    private func section(_ name: String) -> Element? { try? configuration.section(name) }

    private var filtering: Element? { section(RequestFilteringModule.section) }

    // MARK: Answers

    func answering(_ module: String) -> DecidingEntry? {
        switch module {
        case "StaticFileModule": mimeMap
        case "DefaultDocumentModule": defaultDocument
        default: nil
        }
    }

    private var mimeMap: DecidingEntry? {
        guard let items = section("system.webServer/staticContent")?.items else { return nil }
        let own = items.first { entry in
            MIMEMap([(entry.string("fileExtension"), "x")]).type(of: path.span) != nil
                && entry.string("fileExtension") != ".*"
        }
        return (own ?? items.first { $0.string("fileExtension") == ".*" }).map { DecidingEntry($0) }
    }

    /// The document is another place below the folder.
    private var defaultDocument: DecidingEntry? {
        let document = request.resolution.path
        guard document.count > path.count, document.starts(with: path) else { return nil }
        let name = document.dropFirst(path.count)
        return section(DefaultDocumentModule.section)?.element("files").items.first { entry in
            name.elementsEqual(entry.string("value").utf8.drop { $0 == 0x2F })
        }.map { DecidingEntry($0) }
    }

    // MARK: Refusals

    func refusing(_ refusal: Refusal, by module: String) -> DecidingEntry? {
        let head = request.head
        switch refusal {
        case .verbDenied:
            let verb = [UInt8](copying: head.method)
            return listed("verbs") { $0.string("verb").utf8.elementsEqual(verb) }
        case .fileExtensionDenied:
            let name = path.suffix(from: (path.lastIndex(of: 0x2F) ?? -1) + 1)
            let end = name.lastIndex(of: 0x2E).map { ASCII.lower(name[$0...]) } ?? [0x2E]
            return listed("fileExtensions") { ASCII.lower($0.string("fileExtension").utf8) == end }
        case .hiddenSegment:
            let segments = path.split(separator: 0x2F).map { ASCII.lower($0) }
            return filtered("hiddenSegments") { segments.contains(ASCII.lower($0.string("segment").utf8)) }
        case .urlSequenceDenied:
            let url = [path, [UInt8](copying: head.rawURL)]
            return filtered("denyUrlSequences") { Self.stands($0.string("sequence"), in: url) }
        case .queryStringSequenceDenied:
            let query = [UInt8](copying: head.query)
            let texts =
                filtering?.bool("unescapeQueryString") == true ? [query, PercentEncoding.decode(query.span)] : [query]
            return filtered("denyQueryStringSequences") { Self.stands($0.string("sequence"), in: texts) }
        case .filteringRule:
            let unescapes = filtering?.bool("unescapeQueryString") ?? true
            return filtered("filteringRules") {
                FilteringRule($0, unescapesQueryString: unescapes).denies(request)
            }
        case .headerTooLong:
            return filtering?.element("requestLimits").element("headerLimits").items.first(where: isTooLong).map {
                DecidingEntry($0)
            }
        case .urlTooLong: return limit("maxUrl")
        case .queryStringTooLong: return limit("maxQueryString")
        case .contentTooLarge: return limit("maxAllowedContentLength")
        case .doubleEscaping: return filtering.flatMap { DecidingEntry($0, "allowDoubleEscaping") }
        case .highBitCharacters: return filtering.flatMap { DecidingEntry($0, "allowHighBitCharacters") }
        case .authenticationRequired:
            guard module == "UrlAuthorizationModule" else { return nil }
            return section(URLAuthorizationModule.section)?.items.first { entry in
                let (rule, head) = (AuthorizationRule(entry), request.head)
                return !rule.isAllow && rule.concerns(request.user, verb: head.method)
            }.map { DecidingEntry($0) }
        case .addressRejected, .addressUnauthorized, .addressNotFound, .hostNameRejected, .hostNameUnauthorized,
            .hostNameNotFound:
            return addressRule(refusal)
        case .readAccessForbidden, .writeAccessForbidden, .executeAccessForbidden:
            return attribute("accessPolicy", of: "system.webServer/handlers")
        case .secureChannelRequired, .strongSecureChannelRequired, .clientCertificateRequired:
            return attribute("sslFlags", of: "system.webServer/security/access")
        case .contentDisabled: return attribute("enabled", of: "system.webServer/serverRuntime")
        case .entityTooLarge: return attribute("maxRequestEntityAllowed", of: "system.webServer/serverRuntime")
        case .directoryListingDenied: return attribute("enabled", of: "system.webServer/directoryBrowse")
        default: return nil
        }
    }

    private func attribute(_ name: String, of section: String) -> DecidingEntry? {
        self.section(section).flatMap { DecidingEntry($0, name) }
    }

    private func limit(_ name: String) -> DecidingEntry? {
        filtering.flatMap { DecidingEntry($0.element("requestLimits"), name) }
    }

    private func filtered(_ collection: String, _ decides: (Element) -> Bool) -> DecidingEntry? {
        filtering?.element(collection).items.first(where: decides).map { DecidingEntry($0) }
    }

    /// The entry that names it, else what is said of those that none names.
    private func listed(_ collection: String, _ names: (Element) -> Bool) -> DecidingEntry? {
        filtered(collection, names) ?? filtering.flatMap { DecidingEntry($0.element(collection), "allowUnlisted") }
    }

    private func isTooLong(_ limit: Element) -> Bool {
        let head = request.head
        let name = ASCII.lower(limit.string("header").utf8)
        for index in 0..<head.fieldCount where head.name(ofField: index).equalsIgnoringCase(name.span) {
            if head.value(ofField: index).count > Int(limit.integer("sizeLimit")) { return true }
        }
        return false
    }

    private func addressRule(_ refusal: Refusal) -> DecidingEntry? {
        guard let section = section(IPRestrictionModule.section) else { return nil }
        let isOfNames = [.hostNameRejected, .hostNameUnauthorized, .hostNameNotFound].contains(refusal)
        if isOfNames {
            return section.items.first { !$0.string("domainName").isEmpty && !$0.bool("allowed") }.map {
                DecidingEntry($0)
            }
        }
        let forwarded = section.bool("enableProxyMode") ? ForwardedFor.addresses(request.head) ?? [] : []
        for address in [request.head.remote.address] + forwarded {
            let rule = section.items.first { entry in
                AddressRange(address: entry.string("ipAddress"), mask: entry.string("subnetMask"))?.contains(address)
                    ?? false
            }
            guard let rule else { return DecidingEntry(section, "allowUnlisted") }
            if !rule.bool("allowed") { return DecidingEntry(rule) }
        }
        return nil
    }

    /// Whether the sequence stands in one of the texts, in any case of letters.
    private static func stands(_ sequence: String, in texts: [[UInt8]]) -> Bool {
        let sequence = ASCII.lower(sequence.utf8)
        return texts.contains { $0.span.containsIgnoringCase(sequence.span) }
    }
}
