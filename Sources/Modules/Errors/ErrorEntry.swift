import Configuration
import Pipeline

/// What answers an error: one `<error>` of `httpErrors`, or its default.
struct ErrorEntry {
    enum Action {
        case file(ErrorFile)
        /// A path of the site, cooked, and its query.
        case execute(path: [UInt8], query: [UInt8])
        case redirect([UInt8])
        /// The built-in page, because the entry says what it may not; why.
        case refused(String)
    }

    let action: Action
    /// As the configuration states it, for reports.
    let path: String

    /// An `<error>`.
    init(_ entry: Element, allowsAbsolute: Bool) throws(ConfigurationError) {
        try self.init(
            entry, path: "path", prefix: entry.string("prefixLanguageFilePath"), mode: entry.member("responseMode"),
            allowsAbsolute: allowsAbsolute
                || !entry.isDelegated("path") && !entry.isDelegated("prefixLanguageFilePath"))
    }

    /// `defaultPath`; nil where there is none.
    init?(defaultOf section: Element, allowsAbsolute: Bool) throws(ConfigurationError) {
        guard !section.string("defaultPath").isEmpty else { return nil }
        try self.init(
            section, path: "defaultPath", prefix: "", mode: section.member("defaultResponseMode"),
            allowsAbsolute: allowsAbsolute || !section.isDelegated("defaultPath"))
    }

    private init(
        _ element: Element, path attribute: String, prefix: String, mode: String, allowsAbsolute: Bool
    ) throws(ConfigurationError) {
        path = element.string(attribute)
        guard Array((path + prefix).utf8).allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw element.invalid(attribute, "a path holds no line end and no control character")
        }
        switch mode {
        case "ExecuteURL":
            let parts = path.utf8.split(separator: 0x3F, maxSplits: 1, omittingEmptySubsequences: false)
            let url = Array(parts[0])
            guard url.first == 0x2F else {
                action = .refused("a path that is executed begins with /")
                return
            }
            action = .execute(
                path: PercentEncoding.decode(url.span),
                query: parts.count > 1 ? PercentEncoding.encode(location: Array(parts[1])) : [])
        case "Redirect": action = .redirect(Array(path.utf8))
        default:
            let file = ErrorFile(path: path, prefix: prefix)
            let isRefused = file.isAbsolute && !allowsAbsolute
            action = isRefused ? .refused("a web.config may only name a path relative to the site") : .file(file)
        }
    }
}
