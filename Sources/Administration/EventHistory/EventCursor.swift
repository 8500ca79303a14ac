public import Platform

/// A place in the events that are kept: reads on from there, also while somebody writes.
public struct EventCursor: Sendable {
    /// How much is read at once. Unit: bytes.
    private static let pageSize = 1 << 18

    /// The number of the last event that was read or is not wanted.
    public private(set) var sequence: UInt64
    private let files: EventFiles
    /// The file that is being read, by the number of its first event.
    private var file: UInt64?
    private var offset = 0

    /// Behind the event `sequence`; 0 for the oldest that is kept.
    public init(stateFolder: String, after sequence: UInt64) {
        files = EventFiles(stateFolder: stateFolder)
        self.sequence = sequence
    }

    /// How much the files hold at most before the oldest is removed. Unit: bytes, about.
    public static let keptBytes = EventFiles.fileLimit * EventFiles.countLimit

    /// How many events behind this place have been removed with their file; 0 before the first event.
    public func missing() throws(FileError) -> UInt64 {
        guard sequence > 0, let oldest = try files.all().first, oldest > sequence + 1 else { return 0 }
        return oldest - sequence - 1
    }

    /// How much lies in files that begin behind this place. Unit: bytes.
    public func size() throws(FileError) -> Int {
        var size = 0
        for first in try files.all() where first > sequence {
            size += Int(clamping: try FileStamp.of(files.path(first))?.size ?? 0)
        }
        return size
    }

    /// The event `sequence` has come from elsewhere.
    public mutating func skip(to sequence: UInt64) { self.sequence = max(self.sequence, sequence) }

    /// The next lines, whole; empty where there is nothing more as yet. Lines that a power loss tore are left out.
    public mutating func next() throws(FileError) -> [UInt8] {
        while true {
            // Listed before it is read: what has a successor now is complete.
            let all = try files.all()
            guard let current = file ?? all.last(where: { $0 == 0 || $0 - 1 <= sequence }) ?? all.first else {
                return []
            }
            let page = all.contains(current) ? try read(current) : []
            let end = (page.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
            if end > 0 {
                file = current
                offset += end
                let lines = take(page[..<end])
                if !lines.isEmpty { return lines }
            } else if page.count == Self.pageSize {
                // No line is that long.
                file = current
                offset += page.count
            } else if let later = all.first(where: { $0 > current }) {
                file = later
                offset = 0
            } else {
                if !all.contains(current) { (file, offset) = (nil, 0) }
                return []
            }
        }
    }

    private func read(_ file: UInt64) throws(FileError) -> [UInt8] {
        let path = files.path(file)
        do throws(SystemError) {
            var page: [UInt8] = []
            let descriptor = try FileDescriptor.openToRead(path)
            _ = try descriptor.read(Self.pageSize, at: Int64(offset), into: &page)
            return page
        } catch {
            // Removed since it was listed.
            guard error.reasonClass != .missing else { return [] }
            throw FileError(path, error)
        }
    }

    /// Those of the lines that are wanted.
    private mutating func take(_ lines: ArraySlice<UInt8>) -> [UInt8] {
        var taken: [UInt8] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let number = EventFiles.sequence(of: line), number > sequence else { continue }
            sequence = number
            taken += line
            taken.append(UInt8(ascii: "\n"))
        }
        return taken
    }
}
