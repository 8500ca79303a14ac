import Platform

/// Appends lines to the files of the events, for one thread at a time. Everything here may wait for the disk.
struct EventWriter: Sendable {
    /// A line and its number.
    struct Line: Sendable {
        let sequence: UInt64
        let bytes: [UInt8]
    }

    /// The number of the last event that is kept; 0 where none is.
    private(set) var last: UInt64 = 0
    private let files: EventFiles
    private let fileLimit: Int
    /// The file that grows, by the number of its first event.
    private var file: UInt64?
    private var length = 0

    /// Makes the folder where it is missing and cuts off what a power loss left of a line.
    init(stateFolder: String, fileLimit: Int = EventFiles.fileLimit) throws(FileError) {
        self.fileLimit = fileLimit
        files = EventFiles(stateFolder: stateFolder)
        try Folder.makeOwned(files.folder)
        guard let newest = try files.all().last else { return }
        let bytes = try FileReader(limit: EventFiles.fileLimit * 4).read(files.path(newest)).bytes
        let end = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        if end < bytes.count { try FileDescriptor.truncate(files.path(newest), to: Int64(end)) }
        let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"))
        last = max(newest - min(newest, 1), lines.reversed().lazy.compactMap { EventFiles.sequence(of: $0) }.first ?? 0)
        file = newest
        length = end
    }

    /// Writes all of the lines, or none of what this file or its successor did not take.
    mutating func append(_ lines: [Line]) throws(FileError) {
        guard let first = lines.first, let final = lines.last else { return }
        if file == nil || length >= fileLimit {
            file = first.sequence
            length = 0
            try removeOldest()
        }
        var bytes: [UInt8] = []
        for line in lines { bytes += line.bytes }
        // Set just before.
        let path = files.path(file ?? first.sequence)
        let result: FileDescriptor.LogWrite
        do throws(SystemError) {
            let descriptor = try FileDescriptor.openToAppend(path)
            result = descriptor.writeLog(bytes)
            if result.error != nil { try? FileDescriptor.truncate(path, to: Int64(length)) }
        } catch {
            throw FileError(path, error)
        }
        if let error = result.error { throw FileError(path, error) }
        length += bytes.count
        last = final.sequence
    }

    private func removeOldest() throws(FileError) {
        for first in try files.all().dropLast(EventFiles.countLimit - 1) { try Folder.removeFile(files.path(first)) }
    }
}
