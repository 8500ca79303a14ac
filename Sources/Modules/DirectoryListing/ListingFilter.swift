import Configuration
import Pipeline
import Wire

/// Which names a listing shows: what request filtering refuses is not offered.
///
/// Names that begin with a dot are this system's hidden files, which IIS leaves out too. Names that no URL can hold
/// are left out, since nothing leads to them.
struct ListingFilter: Hashable, Sendable {
    /// Lower case.
    private let hidden: Set<[UInt8]>
    /// Lower case with their dot, and whether they are allowed.
    private let extensions: [[UInt8]: Bool]
    private let allowsUnlisted: Bool

    /// - Parameter section: `requestFiltering`.
    init(_ section: Element) {
        hidden = Set(RequestFilter.texts(section.element("hiddenSegments"), "segment"))
        let list = section.element("fileExtensions")
        extensions = Dictionary(
            list.items.map { (ASCII.lower($0.string("fileExtension").utf8), $0.bool("allowed")) }
        ) { first, _ in first }
        allowsUnlisted = list.bool("allowUnlisted")
    }

    /// Whether anything of that name may be shown.
    func shows(_ name: Span<UInt8>) -> Bool {
        guard name.count > 0, name[0] != 0x2E, Self.canStandInURL(name) else { return false }
        return !hidden.contains(ASCII.lower([UInt8](copying: name)))
    }

    /// Whether a file of that name may be.
    func showsFile(_ name: [UInt8]) -> Bool {
        let end = name.lastIndex(of: 0x2E).map { name[$0...] } ?? [0x2E]
        return extensions[ASCII.lower(end)] ?? allowsUnlisted
    }

    /// Whether a URL's path may hold the name: the path would be cooked to the same bytes and not be refused.
    private static func canStandInURL(_ name: Span<UInt8>) -> Bool {
        let isText = (try? UTF8Span(validating: name)) != nil
        return isText && !hasControlCharacter(name) && !UnsafePath.isUnsafe(name: name)
    }

    /// U+0080 to U+009F; `UnsafePath` knows those of ASCII.
    private static func hasControlCharacter(_ text: Span<UInt8>) -> Bool {
        for index in text.indices.dropFirst() where text[index - 1] == 0xC2 && text[index] < 0xA0 { return true }
        return false
    }
}
