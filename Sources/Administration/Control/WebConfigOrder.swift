/// What is to be done with the web.config of a site, or of a folder in it.
public struct WebConfigOrder: Equatable, Sendable {
    public enum Action: Equatable, Sendable {
        case read
        /// Makes the text the file's. `replacing` is the hash of what it held when it was read; nil: there was no file.
        case write(text: String, replacing: String?)
        case change(Change)
    }

    /// A change of one section, as `hostelry config set` and `unset` take it.
    public struct Change: Equatable, Sendable {
        /// The full path, for example `system.webServer/defaultDocument`.
        public let section: String
        /// For example `enabled=false` or `+files.[value='home.html']`.
        public let set: [String]
        /// What the file is to say nothing of any more, for example `enabled`.
        public let unset: [String]
        /// Whether the file is to say nothing of the section any more.
        public let isWhole: Bool
        /// Whether nothing is written: the answer has the text that would be.
        public let isTrial: Bool

        public init(
            section: String, set: [String] = [], unset: [String] = [], isWhole: Bool = false, isTrial: Bool = false
        ) {
            self.section = section
            self.set = set
            self.unset = unset
            self.isWhole = isWhole
            self.isTrial = isTrial
        }
    }

    public let site: String
    /// The URL path of the application or folder, `/` for the site itself.
    public let path: String
    public let action: Action

    public init(site: String, path: String = "/", _ action: Action) {
        self.site = site
        self.path = path
        self.action = action
    }

    /// Whether the file may be another one afterwards.
    public var changes: Bool {
        switch action {
        case .read: false
        case .write: true
        case .change(let change): !change.isTrial
        }
    }
}

/// As members of a request.
extension WebConfigOrder {
    var members: KeyValuePairs<String, JSONValue> {
        switch action {
        case .read: ["site": .text(site), "path": .text(path)]
        case .write(let text, let replacing):
            ["site": .text(site), "path": .text(path), "replacing": .optional(replacing), "text": .text(text)]
        case .change(let change):
            [
                "site": .text(site), "path": .text(path), "section": .text(change.section),
                "set": .array(change.set.map { .text($0) }), "unset": .array(change.unset.map { .text($0) }),
                "whole": .boolean(change.isWhole), "trial": .boolean(change.isTrial),
            ]
        }
    }

    init(reading reader: inout MemberReader) throws(ControlRefusal) {
        let (site, path) = try Self.place(&reader)
        self.init(site: site, path: path, .read)
    }

    /// Of `site`, and of `path`: as long as a path may be. Unit: bytes.
    private static let placeLimit = 4096

    private static func place(_ reader: inout MemberReader) throws(ControlRefusal) -> (site: String, path: String) {
        let (site, path) = (try reader.text("site"), try reader.optionalText("path") ?? "/")
        guard site.utf8.count <= placeLimit, path.utf8.count <= placeLimit else {
            throw ControlRefusal(.malformed, "'site' or 'path' is longer than \(placeLimit) bytes.")
        }
        return (site, path)
    }

    init(writing reader: inout MemberReader) throws(ControlRefusal) {
        let (site, path) = try Self.place(&reader)
        self.init(
            site: site, path: path,
            .write(text: try reader.text("text"), replacing: try reader.optionalText("replacing")))
    }

    init(changing reader: inout MemberReader) throws(ControlRefusal) {
        let change = Change(
            section: try reader.text("section"), set: try reader.texts("set"), unset: try reader.texts("unset"),
            isWhole: try reader.flag("whole") ?? false, isTrial: try reader.flag("trial") ?? false)
        guard !change.set.isEmpty || !change.unset.isEmpty || change.isWhole else {
            throw ControlRefusal(.malformed, "There is nothing to change: 'set', 'unset' or 'whole' is missing.")
        }
        let (site, path) = try Self.place(&reader)
        self.init(site: site, path: path, .change(change))
    }
}
