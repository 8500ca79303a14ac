import Pipeline
import Wire

/// The order of a listing's rows and which part of them is shown, as the query asks for it:
/// `?sort=name|date|size&order=asc|desc&page=N`. What it does not say, or says wrongly, is by name, ascending, page 1.
struct ListingOrder: Hashable, Sendable {
    enum Key: String, Sendable { case name, date, size }

    var key = Key.name
    var isDescending = false
    /// From 1.
    var page = 1

    init(_ key: Key = .name, isDescending: Bool = false, page: Int = 1) {
        self.key = key
        self.isDescending = isDescending
        self.page = page
    }

    /// A column that is not shown is not sorted by, since that would tell what it holds.
    init(_ query: Span<UInt8>, _ columns: ListingColumns) {
        for part in [UInt8](copying: query).split(separator: 0x26) {
            let text = String(decoding: part, as: UTF8.self)
            switch text {
            case "sort=name": key = .name
            case "sort=date": if columns.showsChange { key = .date }
            case "sort=size": if columns.contains(.size) { key = .size }
            case "order=asc": isDescending = false
            case "order=desc": isDescending = true
            default: if text.hasPrefix("page=") { page = Self.page(text.dropFirst(5)) }
            }
        }
    }

    /// So that a client cannot make the same page of a folder look like ever new ones.
    private static func page(_ text: Substring) -> Int {
        min(max(Int(text) ?? 1, 1), ListingTask.nameLimit / ListingTask.pageLength)
    }

    /// The query that asks for it, with its question mark, for an attribute of HTML.
    var link: String {
        "?sort=\(key.rawValue)&amp;order=\(isDescending ? "desc" : "asc")" + (page > 1 ? "&amp;page=\(page)" : "")
    }

    /// Folders come before files; equal ones by their names.
    func precedes(_ left: ListingRow, _ right: ListingRow) -> Bool {
        guard left.isFolder == right.isFolder else { return left.isFolder }
        switch key {
        case .date where left.modified != right.modified:
            return (left.modified < right.modified) != isDescending
        case .size where left.size != right.size:
            return (left.size < right.size) != isDescending
        case .name:
            return isDescending
                ? NaturalOrder.precedes(right.name, left.name) : NaturalOrder.precedes(left.name, right.name)
        default:
            return NaturalOrder.precedes(left.name, right.name)
        }
    }
}
