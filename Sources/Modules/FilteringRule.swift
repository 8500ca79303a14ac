import Configuration
import Pipeline
import Wire

/// One `filteringRule`: texts that must not stand in the parts of a request that the rule looks at.
struct FilteringRule {
    var scansURL = false
    var scansQueryString = false
    /// Whether all header fields are looked at as they came.
    var scansAllFields = false
    /// Whether the query is looked at decoded as well: `unescapeQueryString` of the section.
    var unescapesQueryString = true
    /// Whether a `%` that begins no escape is refused in what is looked at.
    var deniesUnescapedPercent = true
    /// Lower case.
    var headers: [[UInt8]] = []
    /// The extensions, lower case with their dot, that the rule is for; empty for all.
    var extensions: [[UInt8]] = []
    /// Lower case.
    var denied: [[UInt8]] = []

    init() {}

    init(_ entry: Element, unescapesQueryString: Bool) {
        self.unescapesQueryString = unescapesQueryString
        scansURL = entry.bool("scanUrl")
        scansQueryString = entry.bool("scanQueryString")
        scansAllFields = entry.bool("scanAllRaw")
        deniesUnescapedPercent = entry.bool("denyUnescapedPercent")
        headers = RequestFilter.texts(entry.element("scanHeaders"), "requestHeader")
        extensions = RequestFilter.texts(entry.element("appliesTo"), "fileExtension")
        denied = RequestFilter.texts(entry.element("denyStrings"), "string")
    }

    func denies(_ request: RequestContext) -> Bool {
        let bytes = request.resolution.path
        let path = bytes.span
        guard applies(to: path) else { return false }
        let head = request.head
        let isOwn = request.makesErrorPage
        if scansURL {
            let raw = head.rawURL
            if denies(path) { return true }
            if !isOwn, denies(raw) || deniesUnescapedPercent && hasUnescapedPercent(raw) { return true }
        }
        if scansQueryString, !isOwn, deniesEscaped(head.query, decodes: unescapesQueryString) { return true }
        return deniesField(head)
    }

    /// Whether the rule looks at what differs between requests for one URL.
    var looksAtFields: Bool { scansAllFields || !headers.isEmpty }

    private func deniesField(_ head: RequestHead) -> Bool {
        guard looksAtFields else { return false }
        for index in 0..<head.fieldCount {
            if scansAllFields, denies(head.name(ofField: index)) || denies(head.value(ofField: index)) { return true }
            for header in headers where head.name(ofField: index).equalsIgnoringCase(header.span) {
                if deniesEscaped(head.value(ofField: index), decodes: true) { return true }
            }
        }
        return false
    }

    private func applies(to path: Span<UInt8>) -> Bool {
        guard !extensions.isEmpty else { return true }
        for each in extensions where path.count >= each.count {
            if path.extracting(last: each.count).equalsIgnoringCase(each.span) { return true }
        }
        return false
    }

    private func deniesEscaped(_ text: Span<UInt8>, decodes: Bool) -> Bool {
        if decodes, denies(PercentEncoding.decode(text).span) { return true }
        return denies(text) || deniesUnescapedPercent && hasUnescapedPercent(text)
    }

    private func denies(_ text: Span<UInt8>) -> Bool {
        for each in denied where text.containsIgnoringCase(each.span) { return true }
        return false
    }

    private func hasUnescapedPercent(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] == 0x25 && PercentEncoding.escape(text, at: index) == nil {
            return true
        }
        return false
    }
}
