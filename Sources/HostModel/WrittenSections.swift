public import Configuration
internal import Platform

/// A section as the server's file or a web.config writes it, with its secrets covered.
public struct WrittenSection: Hashable, Sendable {
    /// `path` of the `<location>` it stands in, as written; empty outside any.
    public let path: String
    /// For example `system.webServer/defaultDocument`.
    public let section: String
    /// The element as XML.
    public let fragment: String
    public let overrideMode: OverrideMode
    /// Whether applications below take part.
    public let inherits: Bool
    /// Within the text that was asked for, from 0.
    public let line: SourceLine

    public init(
        path: String, section: String, fragment: String, overrideMode: OverrideMode, inherits: Bool, line: SourceLine
    ) {
        self.path = path
        self.section = section
        self.fragment = fragment
        self.overrideMode = overrideMode
        self.inherits = inherits
        self.line = line
    }

    /// What the file writes, in its order.
    public static func all(in file: ConfigurationFile, schema: Schema) -> [WrittenSection] {
        file.occurrences.map { WrittenSection($0, schema) }
    }

    init(_ occurrence: SectionOccurrence, _ schema: Schema) {
        let location = occurrence.location
        self.init(
            path: location.path ?? "", section: occurrence.section,
            fragment: CoveredText.of(occurrence.element, schema: schema.section(occurrence.section)),
            overrideMode: location.overrideMode, inherits: location.inheritsInChildApplications,
            line: SourceLine(occurrence.element.line - 1))
    }
}

/// A stretch of the server's file that holds sections, and the line it begins at.
public struct SectionStretch: Sendable {
    public let line: Int
    let text: ArraySlice<UInt8>

    /// Whether both say the same, wherever they stand.
    public func isSame(as other: SectionStretch) -> Bool {
        text.count == other.text.count && ByteSearch.areEqual(text.span, other.text.span)
    }

    /// For finding the ones that may be the same.
    public var fingerprint: Int { text.hashValue }
}

extension HostConfiguration {
    /// What holds sections: first all that stands in no location about a site, then each of these locations, in the file's
    /// order. Costs little; `sections(in:)` reads one of them.
    public var stretches: [SectionStretch] {
        let common = server.file.document.text
        var all = [SectionStretch(line: 1, text: common[...])]
        guard let outline else { return all }
        for entry in outline.entries(.location) {
            all.append(SectionStretch(line: entry.lineNumber, text: text[entry.span]))
        }
        return all
    }

    /// The sections of the first stretch (`isCommon`) or of another one. Sites and pools are no sections here.
    public func sections(in stretch: SectionStretch, isCommon: Bool) -> [WrittenSection] {
        if isCommon {
            // Locations about sites that were read last stand in it too.
            return written(server.file).filter { outline == nil || Location.site(ofPath: $0.path) == nil }
        }
        let open = Array("<configuration>".utf8)
        let bytes = open + stretch.text + Array("</configuration>".utf8)
        guard let document = try? Document(bytes: bytes, path: server.file.document.path) else { return [] }
        let file = ConfigurationFile(document, inheriting: server.file.declarations, schema: server.schema)
        return written(file)
    }

    private func written(_ file: ConfigurationFile) -> [WrittenSection] {
        file.occurrences.compactMap { occurrence in
            Self.modelled.contains(occurrence.section) ? nil : WrittenSection(occurrence, server.schema)
        }
    }

    private static let modelled: Set<String> = [
        "system.applicationHost/sites", "system.applicationHost/applicationPools",
    ]
}

/// An element as written, less the secrets that stand in it in clear and less its comments, in which some may stand.
enum CoveredText {
    static func of(_ element: DocumentElement, schema: ElementSchema?) -> String {
        var cuts: [(span: Range<Int>, text: String)] = []
        collect(element, schema, &cuts)
        let bytes = element.document.text
        var text: [UInt8] = []
        var position = element.span.lowerBound
        for cut in cuts.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
            text += bytes[position..<cut.span.lowerBound]
            text += cut.text.utf8
            position = cut.span.upperBound
        }
        text += bytes[position..<element.span.upperBound]
        return String(decoding: withoutComments(text), as: UTF8.self)
    }

    private static func collect(
        _ element: DocumentElement, _ schema: ElementSchema?, _ cuts: inout [(span: Range<Int>, text: String)]
    ) {
        for attribute in element.attributes {
            guard SecretAttributes.isSecret(attribute.name, schema) else { continue }
            let (value, shown) = (attribute.value, SecretAttributes.shown(attribute.value))
            if shown != value { cuts.append((attribute.valueSpan, shown)) }
        }
        for child in element.children {
            collect(child, schema?.element(child.name) ?? schema?.collection?.item(child.name), &cuts)
        }
    }

    /// In an element that is well formed `<!--` begins a comment unless it stands in a CDATA section, which configuration
    /// has no use for.
    private static func withoutComments(_ text: [UInt8]) -> [UInt8] {
        let (open, close) = (Array("<!--".utf8), Array("-->".utf8))
        guard ByteSearch.find(open.span, in: text.span, 0..<text.count) != nil else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index...].starts(with: open) {
                index += 4
                while index < text.count, !text[index...].starts(with: close) { index += 1 }
                index = min(index + 3, text.count)
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}
