import Configuration
import Pipeline
import Wire

/// What `system.webServer/security/requestFiltering` says, ready to be compared with requests.
///
/// Names, extensions and sequences are kept in lower case; verbs keep theirs.
struct RequestFilter {
    /// Bytes. IIS: 30,000,000.
    var maximumContentLength: UInt64 = 30_000_000
    /// Bytes of the URL without its query. IIS: 4096.
    var maximumURL = 4096
    /// Bytes. IIS: 2048.
    var maximumQueryString = 2048
    var headerLimits: [(name: [UInt8], size: Int)] = []
    var verbs = AllowList(comparesCase: true)
    var extensions = AllowList(comparesCase: false)
    var allowsDoubleEscaping = false
    var allowsHighBitCharacters = true
    var unescapesQueryString = true
    var deniedURLSequences: [[UInt8]] = []
    /// Whole URLs, for which the sequences of `deniedURLSequences` do not count.
    var alwaysAllowedURLs: [[UInt8]] = []
    var hiddenSegments: [[UInt8]] = []
    var deniedQuerySequences: [[UInt8]] = []
    var alwaysAllowedQueryStrings: [[UInt8]] = []
    var rules: [FilteringRule] = []
    var removesServerHeader = false

    init() {}

    init(_ section: Element) {
        let limits = section.element("requestLimits")
        maximumContentLength = UInt64(clamping: limits.integer("maxAllowedContentLength"))
        maximumURL = Int(limits.integer("maxUrl"))
        maximumQueryString = Int(limits.integer("maxQueryString"))
        headerLimits = limits.element("headerLimits").items.map {
            (ASCII.lower($0.string("header").utf8), Int($0.integer("sizeLimit")))
        }
        verbs = AllowList(section.element("verbs"), "verb", comparesCase: true)
        extensions = AllowList(section.element("fileExtensions"), "fileExtension", comparesCase: false)
        allowsDoubleEscaping = section.bool("allowDoubleEscaping")
        allowsHighBitCharacters = section.bool("allowHighBitCharacters")
        unescapesQueryString = section.bool("unescapeQueryString")
        deniedURLSequences = Self.texts(section.element("denyUrlSequences"), "sequence")
        alwaysAllowedURLs = Self.texts(section.element("alwaysAllowedUrls"), "url")
        hiddenSegments = Self.texts(section.element("hiddenSegments"), "segment")
        deniedQuerySequences = Self.texts(section.element("denyQueryStringSequences"), "sequence")
        alwaysAllowedQueryStrings = Self.texts(section.element("alwaysAllowedQueryStrings"), "queryString")
        removesServerHeader = section.bool("removeServerHeader")
        rules = section.element("filteringRules").items.map {
            FilteringRule($0, unescapesQueryString: unescapesQueryString)
        }
    }

    /// Whether requests without body and query are judged by their URLs alone, GET and HEAD alike.
    var treatsEveryoneAlike: Bool {
        headerLimits.isEmpty && !rules.contains(where: \.looksAtFields)
            && verbs.allows(Self.get.span) == verbs.allows(Self.head.span)
    }

    private static let get = Array("GET".utf8)
    private static let head = Array("HEAD".utf8)

    static func texts(_ collection: Element, _ attribute: String) -> [[UInt8]] {
        collection.items.map { ASCII.lower($0.string(attribute).utf8) }
    }
}

/// A list of what is allowed and what is denied, and whether what it does not name is allowed.
struct AllowList {
    var allowsUnlisted = true
    private(set) var entries: [(text: [UInt8], isAllowed: Bool)] = []
    private let comparesCase: Bool

    init(comparesCase: Bool) { self.comparesCase = comparesCase }

    init(_ element: Element, _ attribute: String, comparesCase: Bool) {
        self.init(comparesCase: comparesCase)
        allowsUnlisted = element.bool("allowUnlisted")
        for entry in element.items { add(entry.string(attribute), isAllowed: entry.bool("allowed")) }
    }

    mutating func add(_ text: String, isAllowed: Bool) { entries.append((Array(text.utf8), isAllowed)) }

    func allows(_ text: Span<UInt8>) -> Bool {
        for entry in entries
        where comparesCase ? entry.text.span.equals(text) : entry.text.span.equalsIgnoringCase(text) {
            return entry.isAllowed
        }
        return allowsUnlisted
    }
}
