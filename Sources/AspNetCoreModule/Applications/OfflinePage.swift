import Platform

/// `app_offline.htm` in an application's folder: while it is there, visitors read it and nothing else.
struct OfflinePage: Equatable, Sendable {
    static let name = "app_offline.htm"
    /// A larger one is shown as an empty page. Unit: bytes.
    private static let limit = 16 << 20

    /// Empty where the file cannot be read: the application is offline all the same.
    let body: [UInt8]

    /// Nil where the folder holds no such file, in any case of letters.
    static func find(inFolder folder: String) -> OfflinePage? {
        let spelling: String?
        do throws(FileError) {
            spelling = try NameLookup.find(name, inFolder: folder)?.spelling
        } catch {
            // Two spellings of it: whichever is meant, the application is offline.
            guard case .ambiguous(let spellings) = error.kind else { return nil }
            spelling = spellings.first
        }
        guard let spelling else { return nil }
        let contents = try? FileReader(limit: limit).read("\(folder)/\(spelling)")
        return OfflinePage(body: contents?.bytes ?? [])
    }
}
