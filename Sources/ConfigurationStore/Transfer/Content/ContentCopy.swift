internal import Crypto
internal import Platform

/// Copies a file and makes its hash of what the copy then holds.
enum ContentCopy {
    /// How often a file is tried that somebody writes to meanwhile.
    private static let attempts = 3

    /// The copy, still open, and what it holds.
    struct Copied: ~Copyable {
        let file: FileDescriptor
        let size: Int64
        let hash: SHA256Digest
        /// Somebody went on writing to the file: it is what it held at some moment, up to the size that it had.
        let isCut: Bool
    }

    /// Copies a file to a name in another folder that is free there.
    ///
    /// - Parameter mayGrow: whether one that is always written to is copied as far as it goes, in the last attempt.
    static func copy(
        _ name: [UInt8], from source: borrowing HeldFolder, to target: borrowing HeldFolder, as other: [UInt8],
        mayGrow: Bool = false, progress: (Int64) -> Void
    ) throws(FileError) -> Copied {
        var attempt = 1
        while true {
            do throws(FileError) {
                let file = try source.file(name)
                let copy = try target.makeFile(other)
                var hash = SHA256()
                let isLast = mayGrow && attempt == attempts
                let size = try file.copy(to: copy, source.path(of: name), mayGrow: isLast) { bytes throws(FileError) in
                    hash.update(bytes)
                    progress(Int64(bytes.count))
                }
                return Copied(file: copy, size: size, hash: hash.finish(), isCut: isLast)
            } catch {
                guard error.kind == .unsettled, attempt < attempts else { throw error }
                attempt += 1
                try target.remove(other)
            }
        }
    }

    static func hash(
        of name: [UInt8], in folder: borrowing HeldFolder, progress: (Int64) -> Void = { _ in }
    ) throws(FileError) -> SHA256Digest {
        let file = try folder.file(name)
        var hash = SHA256()
        try file.readWhole(folder.path(of: name)) { bytes throws(FileError) in
            hash.update(bytes)
            progress(Int64(bytes.count))
        }
        return hash.finish()
    }
}
