public import HostModel

/// What a pool's worker says of one web.config. A worker may run anybody's code: nothing of it is known to be so.
public struct ReportedFile: Sendable {
    /// The pool's name, which the worker did not say.
    public let pool: String
    public let siteID: UInt32
    /// The URL path of the file's folder in the site.
    public let path: String
    /// The physical path.
    public let file: String
    public let content: Content
    /// Whether the worker knew the version of the configuration that the server has now: then it has no excuse.
    public internal(set) var isInformed: Bool

    public enum Content: Hashable, Sendable {
        /// There is no such file.
        case absent
        /// The sections' lines count from 1.
        case read([WrittenSection], problem: Problem?)
    }

    /// Why the folder answers 500.19.
    public struct Problem: Hashable, Sendable {
        /// From 1; 0 where none is known.
        public let line: Int
        public let message: String

        public init(line: Int, message: String) {
            self.line = line
            self.message = message
        }
    }

    public init(
        pool: String, siteID: UInt32, path: String, file: String, content: Content, isInformed: Bool = true
    ) {
        self.pool = pool
        self.siteID = siteID
        self.path = path
        self.file = file
        self.content = content
        self.isInformed = isInformed
    }

    /// What the database keeps of it, roughly. Unit: bytes.
    var size: Int {
        guard case .read(let sections, let problem) = content else { return 0 }
        return sections.reduce(path.utf8.count + file.utf8.count + (problem?.message.utf8.count ?? 0)) {
            size, section in
            size + section.path.utf8.count + section.section.utf8.count + section.fragment.utf8.count + 32
        }
    }

    /// Whether the file's name and all names in it are some, and not too many.
    var isWellFormed: Bool {
        var names = [path, file]
        if case .read(let sections, let problem) = content {
            guard sections.count <= WebConfigLimits.sections else { return false }
            for section in sections { names += [section.path, section.section] }
            if let problem { names.append(problem.message) }
        }
        return names.allSatisfy(WebConfigLimits.isKept)
    }
}

/// Why a worker's word on a web.config was not taken.
public enum ReportRefusal: Equatable, Sendable, CustomStringConvertible {
    /// The file is at no place where the pool's workers read one.
    case foreign
    case malformed
    /// The pool has as many files, or as much in them, as it may have, or all pools together have.
    case tooMany

    public var description: String {
        switch self {
        case .foreign: "the file belongs to no application of the pool"
        case .malformed: "its names are none"
        case .tooMany: "there are more of them, or they are longer, than is kept"
        }
    }
}
