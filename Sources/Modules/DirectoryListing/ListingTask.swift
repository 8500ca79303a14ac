import Platform
import Wire

/// One thing that a listing shows.
struct ListingRow: Sendable {
    enum Kind: Sendable {
        case folder
        /// An application or virtual directory: a folder that lies elsewhere.
        case mount
        case file
    }

    let name: [UInt8]
    let kind: Kind
    /// Unit: bytes; of files.
    let size: Int64
    /// Unit: seconds since 1970; 0 of mounts, and of what is older.
    let modified: Int64

    var isFolder: Bool { kind != .file }
}

/// What one page of a listing shows.
struct Listing: Sendable {
    let rows: [ListingRow]
    /// In the whole folder, as far as it was read.
    let folders: Int
    let files: Int
    let page: Int
    let pages: Int
    /// False where the folder holds more than was read.
    let isWhole: Bool
}

/// The work that a listing takes, all of which a thread that may wait for a disk can do. Equal ones have equal results.
struct ListingTask: Hashable, Sendable {
    /// So many names of a folder are read. What is behind them is not shown, and the page says so.
    static let nameLimit = 50_000
    /// So many rows make a page.
    static let pageLength = 1_000

    let root: SystemPath
    /// Relative to `root`.
    let folder: SystemPath
    /// The names of what lies below the folder's URL and not in the folder.
    let mounts: [[UInt8]]
    let filter: ListingFilter
    let order: ListingOrder

    func perform() -> Result<Listing, SystemError> {
        do throws(SystemError) {
            let content = try FolderContent.read(folder, beneath: root, limit: Self.nameLimit) { filter.shows($0) }
            return .success(listing(content))
        } catch {
            return .failure(error)
        }
    }

    func listing(_ content: FolderContent) -> Listing {
        var rows = mounts.filter { filter.shows($0.span) }
            .map { ListingRow(name: $0, kind: .mount, size: 0, modified: 0) }
        let taken = rows.map(\.name)
        for entry in content.entries {
            // Where a URL leads to an application, the folder of its name cannot be reached.
            if !taken.isEmpty, taken.contains(where: { $0.span.equalsIgnoringCase(entry.name.span) }) { continue }
            let modified = max(0, entry.information.stamp.modified / 1_000_000_000)
            switch entry.information.kind {
            case .directory: rows.append(ListingRow(name: entry.name, kind: .folder, size: 0, modified: modified))
            case .regular where filter.showsFile(entry.name):
                let size = entry.information.stamp.size
                rows.append(ListingRow(name: entry.name, kind: .file, size: size, modified: modified))
            default: break
            }
        }
        rows.sort(by: order.precedes)
        let folders = rows.count(where: \.isFolder)
        let pages = max(1, (rows.count + Self.pageLength - 1) / Self.pageLength)
        let page = min(order.page, pages)
        let part = rows.dropFirst((page - 1) * Self.pageLength).prefix(Self.pageLength)
        return Listing(
            rows: Array(part), folders: folders, files: rows.count - folders, page: page, pages: pages,
            isWhole: content.isWhole)
    }
}
