/// The place in a file that sections stand in: the file's own level or a `<location>` (reference §3.4).
public struct Location: Sendable {
    /// `path` as written; nil outside any `<location>`.
    public let path: String?
    /// `path` in lower case relative to the file's own level; empty for that level itself.
    let key: String
    public let overrideMode: OverrideMode
    /// Whether applications below take part.
    public let inheritsInChildApplications: Bool
    public let line: Int
    /// Where its element stands in the document's text.
    public let span: Range<Int>

    static let own = Location(
        path: nil, key: "", overrideMode: .inherit, inheritsInChildApplications: true, line: 0, span: 0..<0)

    /// The name of the site that a path of the server's file is about, in lower case; nil for one about the server.
    public static func site(ofPath path: String) -> String? {
        path == "." ? nil : path.split(separator: "/").first?.lowercased()
    }

    private init(
        path: String?, key: String, overrideMode: OverrideMode, inheritsInChildApplications: Bool, line: Int,
        span: Range<Int>
    ) {
        self.path = path
        self.key = key
        self.overrideMode = overrideMode
        self.inheritsInChildApplications = inheritsInChildApplications
        self.line = line
        self.span = span
    }

    /// Reads a `<location>` tag; nil, with a problem said, where its attributes make none.
    init?(_ element: DocumentElement, problems: inout [ConfigurationError]) {
        var mode = OverrideMode.inherit
        var inherits = true
        var found: [ConfigurationError] = []
        for attribute in element.attributes {
            switch attribute.name {
            case "path": break
            case "overrideMode":
                if let written = OverrideMode(text: attribute.value) {
                    mode = written
                } else {
                    found.append(
                        .at(
                            element,
                            "The 'overrideMode' attribute is invalid.  Enum must be one of Inherit, Allow, Deny"))
                }
            case "allowOverride", "inheritInChildApplications":
                guard let flag = ["true": true, "false": false][attribute.value.lowercased()] else {
                    found.append(.at(element, "The '\(attribute.name)' attribute is invalid.  Not a valid boolean"))
                    continue
                }
                if attribute.name == "allowOverride" { mode = flag ? .allow : .deny } else { inherits = flag }
            default:
                found.append(.at(element, "Unrecognized attribute '\(attribute.name)'"))
            }
        }
        if element["overrideMode"] != nil, element["allowOverride"] != nil {
            found.append(.at(element, "Only one of the attributes 'overrideMode' and 'allowOverride' is allowed"))
        }
        let path = element["path"] ?? ""
        let key = path == "." ? "" : path.lowercased()
        let segments = key.split(separator: "/", omittingEmptySubsequences: false)
        if !key.isEmpty, segments.contains("") || key.contains(where: { "\\*?:\"<>|".contains($0) }) {
            found.append(
                .at(element, "The 'path' attribute is invalid.  A location path is relative and names no pattern"))
        }
        problems += found
        guard found.isEmpty else { return nil }
        self.init(
            path: path, key: key, overrideMode: mode, inheritsInChildApplications: inherits, line: element.line,
            span: element.span)
    }
}

/// A section as one file writes it in one place.
public struct SectionOccurrence: Sendable {
    public let section: String
    public let location: Location
    public let element: DocumentElement
}
