internal import Platform

/// The log files of a folder.
public enum LogFolderListing {
    public struct Entry: Equatable, Sendable {
        public let name: String
        /// Nanoseconds since 1970 of the last line, about.
        public let modified: Int64
    }

    /// Whether the router gives such a name to a file of an access log: `u_ex261128.log`, `u_extend3_x.log`. Four, six or
    /// eight digits tell the time, and how many decides the period, which may have been changed meanwhile.
    static func isLog(_ name: String) -> Bool {
        guard name.hasPrefix("u_ex"), name.hasSuffix(".log") else { return false }
        var middle = name.dropFirst(4).dropLast(4)
        if middle.hasSuffix("_x") { middle = middle.dropLast(2) }
        let isNumbered = middle.hasPrefix("tend")
        let digits = isNumbered ? middle.dropFirst(4) : middle
        guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return false }
        return isNumbered ? (1...10).contains(digits.count) : [4, 6, 8].contains(digits.count)
    }

    /// The newest first; those that are gone meanwhile are left out.
    static func newestFirst(_ folder: String) throws(SystemError) -> [Entry] {
        let names: [String]
        do throws(FileError) {
            names = try Folder.names(in: folder)
        } catch {
            throw error.cause ?? SystemError("opendir", folder)
        }
        let entries = names.filter(isLog).compactMap { name in
            (try? FileFacts.of("\(folder)/\(name)")).map { Entry(name: name, modified: $0.modified) }
        }
        return entries.sorted { ($0.modified, $0.name) > ($1.modified, $1.name) }
    }
}
