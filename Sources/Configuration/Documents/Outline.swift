internal import Platform

/// Where a server file's sites, pools and locations of sites stand, so that a change of one of them is read without the
/// others.
///
/// An entry is a `<site>`, a pool's `<add>`, or a `<location>` about a site. Offsets count bytes of the document's text.
public struct Outline: Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        case site
        case pool
        case location
        /// Any other element that stands where entries do.
        case other
    }

    public struct Entry: Equatable, Sendable {
        public let kind: Kind
        var start: Int32
        var end: Int32
        /// The line of its `<`.
        public fileprivate(set) var line: Int32
        /// How many line ends it holds.
        fileprivate(set) var lineEnds: Int32
        /// Which entry of its kind it is in the outline that this one was revised from; nil for one that was read anew.
        public fileprivate(set) var origin: Int32?

        public var lineNumber: Int { Int(line) }
        public var span: Range<Int> { Int(start)..<Int(end) }
        var endLine: Int32 { line + lineEnds }
    }

    /// The content of an element whose children are entries.
    struct Region: Equatable, Sendable {
        let kind: Kind
        var start: Int32
        var end: Int32
        /// The line of the content's first byte.
        var line: Int32
        /// In order.
        var entries: [Entry]

        /// Moves the entries that begin at `position` or behind it.
        mutating func move(behind position: Int32, bytes: Int32, lines: Int32) {
            let first = entries.partition { $0.start >= position }
            // A region's own element, which holds the change.
            if first > 0, entries[first - 1].end > position {
                entries[first - 1].end += bytes
                entries[first - 1].lineEnds += lines
            }
            guard bytes != 0 || lines != 0 else { return }
            for place in first..<entries.count {
                entries[place].start += bytes
                entries[place].end += bytes
                entries[place].line += lines
            }
        }

        /// Each entry comes from itself.
        mutating func number() {
            var number: Int32 = 0
            for index in entries.indices where entries[index].kind != .other {
                entries[index].origin = number
                number += 1
            }
        }

        func holds(_ range: Range<Int>) -> Bool { start <= range.lowerBound && range.upperBound <= end }
    }

    /// `sites` and `applicationPools` before the root, which holds them.
    private(set) var regions: [Region] = []

    /// Nil for a file whose structure has problems, or whose sites or pools stand in unusual places.
    public init?(_ file: ConfigurationFile) {
        let root = file.document.root
        guard file.problems.isEmpty, root.name == "configuration", let outer = Region(root, .location) else {
            return nil
        }
        for group in root.children where group.name == "system.applicationHost" {
            for section in group.children {
                guard let kind = Kind(holder: section.name), let region = Region(section, kind) else { continue }
                regions.append(region)
            }
        }
        regions.append(outer)
        guard Set(regions.map(\.kind)).count == regions.count else { return nil }
    }

    /// The entries of one kind, in order.
    public func entries(_ kind: Kind) -> [Entry] {
        (regions.first { $0.kind == kind }?.entries ?? []).filter { $0.kind == kind }
    }

    /// `prefix`, and the text without the entries that `isKept` does not keep (given the entry and its number among those
    /// of its kind); of what is left out the line ends stay, so that lines are those of the whole.
    public func text(
        _ text: [UInt8], behind prefix: [UInt8] = [], keeping isKept: (Entry, Int) -> Bool
    ) -> [UInt8] {
        var left: [TextExcerpt.Part] = []
        for region in regions {
            var number = 0
            var own: [TextExcerpt.Part] = []
            own.reserveCapacity(region.entries.count)
            for entry in region.entries where entry.kind != .other {
                if !isKept(entry, number) {
                    own.append(.init(start: Int(entry.start), end: Int(entry.end), lineEnds: Int(entry.lineEnds)))
                }
                number += 1
            }
            left = Self.merged(left, own, by: \.start)
        }
        return TextExcerpt.bytes(of: text, without: left, behind: prefix)
    }

    private static func merged<Part>(_ one: [Part], _ other: [Part], by start: (Part) -> Int) -> [Part] {
        guard let last = one.last, let first = other.first else { return one.isEmpty ? other : one }
        guard start(last) > start(first) else { return one + other }
        var all: [Part] = []
        all.reserveCapacity(one.count + other.count)
        var index = 0
        for part in one {
            while index < other.count, start(other[index]) < start(part) {
                all.append(other[index])
                index += 1
            }
            all.append(part)
        }
        return all + other[index...]
    }

    // MARK: Revision

    /// The outline of `new`, where it differs from `old`, which this is the outline of, in entries and what stands
    /// between them only; nil where more is different.
    public func revised(from old: [UInt8], to new: [UInt8]) -> Outline? {
        var next = self
        for region in next.regions.indices { next.regions[region].number() }
        // From the last one on: what stands before a difference is where it was.
        for difference in TextDifference.all(from: old, to: new, anchors: anchors).reversed() {
            guard next.apply(difference, old: old, new: new) else { return nil }
        }
        return next
    }

    /// The spans of the entries in the order of the text.
    private var anchors: [Range<Int>] {
        var all: [Range<Int>] = []
        for region in regions {
            var own: [Range<Int>] = []
            own.reserveCapacity(region.entries.count)
            for entry in region.entries where entry.kind != .other { own.append(entry.span) }
            all = Self.merged(all, own, by: \.lowerBound)
        }
        return all
    }

    private mutating func apply(_ difference: TextDifference, old: [UInt8], new: [UInt8]) -> Bool {
        guard let number = regions.firstIndex(where: { $0.holds(difference.old) }) else { return false }
        let region = regions[number]
        let entries = region.entries
        let first = entries.partition { $0.end > difference.old.lowerBound }
        let last = max(first, entries.partition { $0.start >= difference.old.upperBound })
        guard !entries[first..<last].contains(where: { $0.kind == .other }) else { return false }
        let before = first > 0 ? entries[first - 1] : nil
        let left = Int(before?.end ?? region.start)
        let right = Int(last < entries.count ? entries[last].start : region.end)
        let start = difference.new.lowerBound - (difference.old.lowerBound - left)
        let range = start..<difference.new.upperBound + (right - difference.old.upperBound)
        guard
            let fresh = Fragment(new[range], in: region.kind)?.entries(
                at: left, line: before?.endLine ?? region.line)
        else { return false }

        let bytes = Int32(range.count - (right - left))
        let lines = Int32(
            ByteSearch.lineEnds(in: new.span, range) - ByteSearch.lineEnds(in: old.span, left..<right))
        move(behind: Int32(right), in: number, bytes: bytes, lines: lines)
        regions[number].entries.replaceSubrange(first..<last, with: fresh)
        return true
    }

    /// Moves what begins at `position` of a region or behind it; what ends there only gets longer.
    private mutating func move(behind position: Int32, in number: Int, bytes: Int32, lines: Int32) {
        for index in regions.indices {
            if regions[index].start > position {
                regions[index].start += bytes
                regions[index].line += lines
            }
            if regions[index].end >= position, index == number || regions[index].end > position {
                regions[index].end += bytes
            }
            regions[index].move(behind: position, bytes: bytes, lines: lines)
        }
    }
}

extension Outline.Kind {
    /// What the children of an element of `system.applicationHost` are.
    fileprivate init?(holder: String) {
        switch holder {
        case "sites": self = .site
        case "applicationPools": self = .pool
        default: return nil
        }
    }
}

extension Outline.Entry {
    /// `element` as a child of a region for `kind`. `shift` leads from its document's offsets to the outline's.
    init(_ element: DocumentElement, in kind: Outline.Kind, shift: Int = 0, lineShift: Int32 = 0) {
        let isEntry =
            switch kind {
            case .site: element.name == "site"
            case .pool: element.name == "add"
            case .location: element.name == "location" && Location.site(ofPath: element["path"] ?? "") != nil
            case .other: false
            }
        let span = element.span
        self.init(
            kind: isEntry ? kind : .other, start: Int32(span.lowerBound + shift), end: Int32(span.upperBound + shift),
            line: Int32(element.line) + lineShift,
            lineEnds: Int32(ByteSearch.lineEnds(in: element.document.text.span, span)), origin: nil)
    }
}

extension Outline.Entry {
    /// The `path` of a location's tag in its document's text; nil where it is no element.
    public func locationPath(in text: [UInt8]) -> String? {
        (try? Document(bytes: Array(text[span]), path: ""))?.root["path"]
    }
}

extension Outline.Region {
    /// Nil for `<element/>`, which has no content.
    fileprivate init?(_ element: DocumentElement, _ kind: Outline.Kind) {
        guard let content = element.content else { return nil }
        self.init(
            kind: kind, start: Int32(content.lowerBound), end: Int32(content.upperBound),
            line: Int32(
                element.line
                    + ByteSearch.lineEnds(
                        in: element.document.text.span, element.span.lowerBound..<content.lowerBound)),
            entries: element.children.map { Outline.Entry($0, in: kind) })
    }
}

extension [Outline.Entry] {
    /// The first place from which on `isBehind` holds.
    fileprivate func partition(_ isBehind: (Outline.Entry) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
