internal import Platform

/// Looks through folders before any of them is copied: how much they hold, and what stays behind.
struct ContentMeasure {
    /// A file with more holes than this is somebody's joke, and takes hours to be read: it stays behind. Unit: bytes.
    private static let holesLimit: Int64 = 256 << 30

    private(set) var amount = ContentAmount()
    private(set) var notes: ContentNotes
    private let listLimit: Int
    /// What the list will be at most. Unit: bytes.
    private var listSize = 0
    private var tooDeep: String?

    /// - Parameter listLimit: what the list of it may be. Unit: bytes.
    init(listLimit: Int, notes: ContentNotes) {
        self.listLimit = listLimit
        self.notes = notes
    }

    /// Whether a file is copied.
    static func isCopied(_ entry: HeldFolder.Entry) -> Bool {
        entry.kind == .regular && entry.size - entry.occupied <= holesLimit
    }

    mutating func add(_ path: String) throws(TransferError) {
        do throws(FileError) {
            try add(try HeldFolder.trusted(path), depth: 0, pathSize: 0)
        } catch {
            throw TransferError("\(error)")
        }
        if let tooDeep {
            throw TransferError("\(tooDeep) is nested deeper than \(ContentList.depthLimit) folders; move it elsewhere")
        }
        guard listSize <= listLimit else {
            throw TransferError(
                "there are more files than an export can hold: its \(ContentList.fileName) would be larger than "
                    + "\(ContentRoom.size(Int64(listLimit))); export fewer sites at once")
        }
    }

    /// - Parameter pathSize: of the folder's path in its tree, as the list writes it. Unit: bytes.
    private mutating func add(
        _ folder: borrowing HeldFolder, depth: Int, pathSize: Int
    ) throws(FileError) {
        for name in try folder.names() {
            guard tooDeep == nil, listSize <= listLimit else { return }
            guard let entry = try folder.entry(name) else { continue }
            let lineSize = pathSize + ContentList.lineSize(name, entry)
            switch entry.kind {
            case .regular where Self.isCopied(entry):
                listSize += lineSize
                amount = amount + ContentAmount(files: 1, bytes: min(entry.size, entry.occupied))
            case .regular: notes.add("\(folder.path(of: name)) is nothing but holes and stays behind")
            case .link:
                listSize += lineSize
                amount = amount + ContentAmount(files: 1, bytes: 0)
            case .folder:
                guard depth < ContentList.depthLimit else {
                    tooDeep = folder.path(of: name)
                    return
                }
                listSize += lineSize
                let inner: HeldFolder
                do throws(FileError) {
                    inner = try folder.folder(name)
                } catch {
                    // Removed since it was looked at.
                    guard error.kind == .missing else { throw error }
                    continue
                }
                try add(inner, depth: depth + 1, pathSize: pathSize + ContentName.text(name).utf8.count + 1)
            case .other:
                notes.add("\(folder.path(of: name)) is neither a file nor a folder and stays behind")
            }
        }
    }
}
