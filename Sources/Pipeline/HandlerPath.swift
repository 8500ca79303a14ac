/// The `path` of a `<handlers>` entry: a comma list of patterns over the decoded URL path, compared without case.
///
/// `*` everything · `*.` no extension in the last segment · `/abs/*` from the site's root · `*.ext`, `name.ext`,
/// `dir/name` the end of the path, whole segments where the pattern does not begin with `*`.
struct HandlerPath: Sendable {
    private enum Pattern: Sendable {
        case everything
        case noExtension
        /// The whole path.
        case absolute(Wildcard)
        /// The end of the path: the pattern's own number of segments.
        case relative(Wildcard, segments: Int)
    }

    private let patterns: [Pattern]

    init(_ list: String) {
        patterns = ASCII.list(list).map { part in
            let text = ASCII.lower(part.utf8)
            switch part {
            case "*": return .everything
            case "*.": return .noExtension
            default:
                if text.first == 0x2F { return .absolute(Wildcard(text)) }
                let segments = text.split(separator: 0x2F, omittingEmptySubsequences: false).count
                return .relative(Wildcard(text), segments: segments)
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
            case .absolute(let wildcard): if wildcard.matches(path) { return true }
            case .relative(let wildcard, let segments):
                guard let start = Self.start(ofLast: segments, in: path) else { continue }
                if wildcard.matches(path.extracting(droppingFirst: start)) { return true }
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

    /// Where the last `segments` segments of `path` begin; `nil` when it has fewer.
    private static func start(ofLast segments: Int, in path: Span<UInt8>) -> Int? {
        var left = segments
        var start = path.count
        while start > 0 {
            if path[start - 1] == 0x2F {
                left -= 1
                if left == 0 { return start }
            }
            start -= 1
        }
        return left == 1 ? 0 : nil
    }
}
