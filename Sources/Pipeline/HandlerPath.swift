/// The `path` of a `<handlers>` entry: a comma list of patterns over the decoded URL path, compared without case.
///
/// `*` everything · `*.` no extension in the last segment · `/abs/*` from the site's root · `*.ext`, `name.ext`,
/// `dir/*` from any segment to the path's end. A star stands for slashes too.
struct HandlerPath: Sendable {
    private enum Pattern: Sendable {
        case everything
        case noExtension
        /// Fits the whole path.
        case wildcard(Wildcard)
    }

    private let patterns: [Pattern]

    init(_ list: String) {
        patterns = ASCII.list(list).map { part in
            let text = ASCII.lower(part.utf8)
            switch part {
            case "*": return .everything
            case "*.": return .noExtension
            default:
                let isWhole = text.first == 0x2F || text.first == 0x2A
                return .wildcard(Wildcard(isWhole ? text : Array("*/".utf8) + text))
            }
        }
    }

    /// Whether some pattern of the list matches `path` as a whole.
    func matches(_ path: Span<UInt8>) -> Bool {
        for pattern in patterns {
            switch pattern {
            case .everything: return true
            case .noExtension:
                let name = path.extracting(droppingFirst: (path.lastIndex(of: 0x2F) ?? -1) + 1)
                if name.firstIndex(of: 0x2E) == nil { return true }
            case .wildcard(let wildcard): if wildcard.matches(path) { return true }
            }
        }
        return false
    }

    /// The length of the script's part of `path` when some pattern matches it up to a slash: what follows is path
    /// information (`/app.cgi/extra`). `nil` where no shorter part matches.
    func scriptLength(in path: Span<UInt8>) -> Int? {
        var end = 1
        while let slash = path.firstIndex(of: 0x2F, from: end) {
            if matches(path.extracting(first: slash)) { return slash }
            end = slash + 1
        }
        return nil
    }
}
