/// What a worker has read of one web.config. A worker may run anybody's code: nothing of it is known to be so.
public struct WebConfigReport: Hashable, Sendable {
    /// The largest one, as a message. A web.config is 250 KB at most, and three times that in UTF-8. Unit: bytes.
    public static let maximumSize = 768 << 10

    /// `RouteTable.Site.id`
    public var siteID: UInt32
    /// The URL path of the file's folder in the site.
    public var path: String
    /// The physical path.
    public var file: String
    public var content: Content

    public enum Content: Hashable, Sendable {
        /// There is no such file.
        case absent
        case read([Section], problem: Problem?)
    }

    /// A section as written, its secrets covered.
    public struct Section: Hashable, Sendable {
        /// `path` of the `<location>` it stands in; empty outside any.
        public var location: String
        public var name: String
        public var fragment: String
        public var overrideMode: OverrideMode
        public var inherits: Bool
        /// From 1.
        public var line: UInt32

        public init(
            location: String, name: String, fragment: String, overrideMode: OverrideMode, inherits: Bool, line: UInt32
        ) {
            self.location = location
            self.name = name
            self.fragment = fragment
            self.overrideMode = overrideMode
            self.inherits = inherits
            self.line = line
        }
    }

    public enum OverrideMode: UInt8, Sendable {
        case inherit = 0
        case allow = 1
        case deny = 2
    }

    /// Why the folder answers 500.19.
    public struct Problem: Hashable, Sendable {
        /// From 1; 0 where none is known.
        public var line: UInt32
        public var message: String

        public init(line: UInt32, message: String) {
            self.line = line
            self.message = message
        }
    }

    public init(siteID: UInt32, path: String, file: String, content: Content) {
        self.siteID = siteID
        self.path = path
        self.file = file
        self.content = content
    }

    /// What it takes as a message. Unit: bytes.
    public var size: Int {
        var size = 16 + path.utf8.count + file.utf8.count
        guard case .read(let sections, let problem) = content else { return size }
        for section in sections {
            size += 18 + section.location.utf8.count + section.name.utf8.count + section.fragment.utf8.count
        }
        if let problem { size += 8 + problem.message.utf8.count }
        return size + 5
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: siteID)
        output.append(counted: path)
        output.append(counted: file)
        guard case .read(let sections, let problem) = content else { return output.append(0) }
        output.append(1)
        output.append(array: sections) {
            $0.append(counted: $1.location)
            $0.append(counted: $1.name)
            $0.append(counted: $1.fragment)
            $0.append($1.overrideMode.rawValue)
            $0.append($1.inherits ? 1 : 0)
            $0.append(littleEndian: $1.line)
        }
        output.append(problem == nil ? 0 : 1)
        if let problem {
            output.append(littleEndian: problem.line)
            output.append(counted: problem.message)
        }
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        siteID = try reader.integer()
        path = try reader.string()
        file = try reader.string()
        guard try reader.boolean() else {
            content = .absent
            return
        }
        let sections = try reader.array { reader throws(WireError) in try Section(&reader) }
        var problem: Problem?
        if try reader.boolean() {
            problem = Problem(line: try reader.integer(), message: try reader.string())
        }
        content = .read(sections, problem: problem)
    }
}

extension WebConfigReport.Section {
    init(_ reader: inout ByteReader) throws(WireError) {
        location = try reader.string()
        name = try reader.string()
        fragment = try reader.string()
        guard let mode = WebConfigReport.OverrideMode(rawValue: try reader.integer()) else {
            throw WireError(.invalid, reader.subject)
        }
        overrideMode = mode
        inherits = try reader.boolean()
        line = try reader.integer()
    }
}
