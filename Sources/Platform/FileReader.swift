import Glibc

/// The bytes of a file and the state it had when it held them.
public struct FileContents: Equatable, Sendable {
    public let bytes: [UInt8]
    public let stamp: FileStamp

    public init(bytes: [UInt8], stamp: FileStamp) {
        self.bytes = bytes
        self.stamp = stamp
    }
}

/// Reads whole files that others may be writing.
///
/// Only regular files: a folder, pipe, socket or device is an error and is never waited for. A file that changes while
/// it is read is read again, up to `attempts` times with short pauses (31 ms in all), so what comes back was the file's
/// whole content at one moment. A writer that pauses half-way for longer cannot be told from one that has finished.
public struct FileReader: Sendable {
    /// 64 MB: six times the configuration of 50,000 sites.
    public static let usualLimit = 64 << 20
    static let attempts = 6

    /// Bytes; a larger file is `tooLarge` and none of it is read.
    public let limit: Int

    public init(limit: Int = FileReader.usualLimit) { self.limit = limit }

    /// The file that `path` leads to, links followed.
    public func read(_ path: String) throws(FileError) -> FileContents { try read(path, whileReading: {}) }

    /// `whileReading` is called after the bytes of each attempt are read and before they are believed.
    package func read(_ path: String, whileReading: () -> Void) throws(FileError) -> FileContents {
        for attempt in 0..<Self.attempts {
            if attempt > 0 { usleep(1_000 << UInt32(attempt - 1)) }
            // A device is not even opened: opening some has effects.
            guard let stamp = try FileStamp.ofRegularFile(path) else { throw FileError(path, .notRegular) }
            guard stamp.size <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
            let file = try FileDescriptor.openForReading(path)
            if let contents = try contents(of: file, path, whileReading: whileReading) { return contents }
        }
        throw FileError(path, .unsettled)
    }

    /// The whole content, or nil when it changed under the reading.
    func contents(
        of file: borrowing FileDescriptor, _ path: String, whileReading: () -> Void = {}
    ) throws(FileError) -> FileContents? {
        let status = try file.status(path)
        guard status.isRegularFile else { throw FileError(path, .notRegular) }
        let stamp = FileStamp(status)
        guard stamp.size <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
        let bytes = try file.bytes(atMost: Int(stamp.size) + 1, path)
        whileReading()
        guard bytes.count == stamp.size, FileStamp(try file.status(path)) == stamp else { return nil }
        if !stamp.isSettled(at: FileStamp.now()) {
            // Within one tick two states may share a stamp; the bytes decide.
            guard try file.holds(bytes, path) else { return nil }
        }
        return FileContents(bytes: bytes, stamp: stamp)
    }
}

extension FileDescriptor {
    /// Never waits for the other end of a pipe, never becomes a controlling terminal.
    static func openForReading(_ path: String) throws(FileError) -> FileDescriptor {
        do throws(SystemError) {
            return try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch {
            throw FileError(path, error)
        }
    }

    /// Whether the file holds these bytes and no others. Reads piece by piece: a second copy of a large file costs more than
    /// comparing it.
    fileprivate borrowing func holds(_ expected: [UInt8], _ path: String) throws(FileError) -> Bool {
        var offset = 0
        while true {
            let piece = try bytes(from: offset, atMost: 64 << 10, path)
            guard !piece.isEmpty else { return offset == expected.count }
            guard offset + piece.count <= expected.count,
                ByteSearch.areEqual(piece.span, expected.span.extracting(offset..<offset + piece.count))
            else { return false }
            offset += piece.count
        }
    }

    /// Up to `count` bytes from `offset`, fewer only where the file ends.
    borrowing func bytes(from offset: Int = 0, atMost count: Int, _ path: String) throws(FileError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                // `filled` is below `count`, so the rest is not empty and lies inside the buffer.
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read = unsafe pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
                if read == 0 { break }
                if read > 0 {
                    filled += read
                } else if errno != EINTR {
                    failure = SystemError("read", path)
                    break
                }
            }
        }
        if let failure { throw FileError(path, failure) }
        return bytes
    }
}
