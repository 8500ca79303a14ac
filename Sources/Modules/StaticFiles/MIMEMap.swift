import Configuration
import Pipeline
import Wire

/// Which `Content-Type` a file gets, by its name's extension in any case.
///
/// `.` is for names without an extension, `.*` for extensions that have no entry of their own. Without an entry that
/// fits a file is not sent at all.
struct MIMEMap {
    private let types: [[UInt8]: [UInt8]]
    private let fallback: [UInt8]?

    init(_ section: Element) {
        self.init(section.items.map { ($0.string("fileExtension"), $0.string("mimeType")) })
    }

    init(_ entries: [(fileExtension: String, type: String)]) {
        let entries = entries.map { (ASCII.lower($0.fileExtension.utf8), Array($0.type.utf8)) }
        types = Dictionary(entries) { first, _ in first }
        fallback = types[Array(".*".utf8)]
    }

    /// The type of the file that a path names.
    func type(of path: Span<UInt8>) -> [UInt8]? {
        let name = path.extracting(droppingFirst: (path.lastIndex(of: 0x2F) ?? -1) + 1)
        guard let dot = name.lastIndex(of: 0x2E) else { return types[[0x2E]] }
        var key: [UInt8] = []
        key.reserveCapacity(name.count - dot)
        for index in dot..<name.count { key.append(ASCII.lower(name[index])) }
        return types[key] ?? fallback
    }
}
