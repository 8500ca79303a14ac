import Glibc

/// What a writer that was killed leaves beside a document, and how the next one, holding the lock, sets it right.
enum DocumentLeftovers {
    /// Being written: never was the document.
    static func draftName(of name: String) -> String {
        ".\(name).\(String(UInt64.random(in: .min ... .max), radix: 16)).new"
    }

    /// About to be exchanged with the document, or exchanged: holds the new content, the old one, or what somebody else
    /// had saved in between.
    static func swapName(of name: String, old: ContentStamp, new: ContentStamp) -> String {
        ".\(name).\(old.text).\(new.text).swap"
    }

    static func clear(in folder: borrowing DocumentFolder) throws(FileError) {
        let prefix = ".\(folder.name)."
        let bytes = Array(prefix.utf8)
        let names = try FolderNames.filter(folder.path) { name in
            name.count > bytes.count && bytes.indices.allSatisfy { name[$0] == bytes[$0] }
        }
        for name in names {
            let middle = name.dropFirst(prefix.count)
            if middle.hasSuffix(".new"), UInt64(middle.dropLast(4), radix: 16) != nil {
                try folder.remove(name)
            } else if middle.hasSuffix(".swap") {
                let stamps = middle.dropLast(5).split(separator: ".").map { ContentStamp($0) }
                guard stamps.count == 2, let old = stamps[0], let new = stamps[1] else { continue }
                try settle(name, old: old, new: new, in: folder)
            }
        }
    }

    private static func settle(
        _ swap: String, old: ContentStamp, new: ContentStamp, in folder: borrowing DocumentFolder
    ) throws(FileError) {
        guard let held = try folder.status(swap).map({ ContentStamp($0) }) else { return }
        if held != old, held != new {
            // Somebody's save was displaced, and the writer died before it could put it back.
            if try folder.status(folder.name).map({ ContentStamp($0) }) == new {
                guard folder.exchange(swap, folder.name) == 0 else { throw folder.error("renameat2") }
            } else {
                // The document has been saved again since: both stay, this one under a name that can be seen.
                guard folder.rename(swap, toFree: "\(folder.name).displaced-\(held.text)") == 0 else {
                    throw folder.error("renameat2")
                }
                return try folder.synchronize()
            }
        }
        try folder.remove(swap)
        try folder.synchronize()
    }
}
