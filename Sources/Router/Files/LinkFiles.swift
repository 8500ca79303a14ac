internal import EventLoop
internal import Platform
internal import Wire

/// The files of one worker that are open here: those on their way to clients, and those that it may name again.
///
/// A worker names its files by numbers of its own, so whatever it says of them concerns its own responses alone.
final class LinkFiles {
    /// How many may be open at once.
    static let limit = 128

    private let threads: FileThreads
    private let pool: UInt32
    /// By the worker's number.
    private var kept: [SharedFile?] = Array(repeating: nil, count: limit)
    private var openCount = 0
    /// The link's, where descriptors arrive and the worker hears what is closed.
    private let stream: BufferedStream

    init(_ threads: FileThreads, of pool: UInt32, on stream: BufferedStream) {
        self.threads = threads
        self.pool = pool
        self.stream = stream
    }

    /// The file whose descriptor came along with a frame, for one response.
    func take() throws(LinkError) -> SharedFile {
        guard let descriptor = stream.descriptors.take() else { throw LinkError("a file without its descriptor") }
        guard openCount < Self.limit else {
            stream.descriptors.append(descriptor)
            throw LinkError("more files at once than agreed")
        }
        guard let file = HandedFile(descriptor, rejected: &stream.descriptors) else {
            throw LinkError("a file that is no regular one")
        }
        openCount += 1
        return SharedFile(file)
    }

    /// Keeps the file whose descriptor came along with a frame for any number of responses.
    func keep(_ number: UInt32) throws(LinkError) {
        guard number < Self.limit, kept[Int(number)] == nil else { throw LinkError("a file with a number in use") }
        kept[Int(number)] = try take()
    }

    /// A kept file, for one response more.
    func find(_ number: UInt32) throws(LinkError) -> SharedFile {
        guard number < Self.limit, let file = kept[Int(number)] else { throw LinkError("a file that is not kept") }
        file.users += 1
        return file
    }

    /// Keeps the file no longer than those responses need it that are under way.
    func drop(_ number: UInt32) throws(LinkError) {
        guard number < Self.limit, let file = kept[Int(number)] else { throw LinkError("a file that is not kept") }
        kept[Int(number)] = nil
        done(file)
    }

    /// A response of the file is through, or nobody wants it.
    func done(_ file: SharedFile) {
        file.users -= 1
        guard file.users == 0 else { return }
        threads.close(file.file, of: pool)
        openCount -= 1
        guard stream.isOpen else { return }
        stream.output.append(filesDone: 1)
        stream.flushLater()
    }

    /// The worker names none of them any more.
    func dropAll() { for number in kept.indices where kept[number] != nil { try? drop(UInt32(number)) } }

    /// Reads what is not in memory, on a thread that may wait for it.
    func read(_ file: SharedFile, _ count: Int, at offset: Int64, then completion: @escaping ([UInt8]) -> Void) {
        let handed = file.file
        threads.perform(for: pool, { handed.read(count, at: offset) }, then: completion)
    }

    /// Closes what came and nobody took. It may be anything, so that closing it may wait.
    func closeUntaken() {
        var left = DescriptorQueue()
        while let descriptor = stream.descriptors.take() { left.append(descriptor) }
        threads.close(left, of: pool)
    }
}

/// A file and how many use it: each response does, and so does its keeping.
final class SharedFile {
    let file: HandedFile
    fileprivate(set) var users = 1
    /// Which part was sent last without waiting for any of it, and when that began. Unit: bytes; nanoseconds.
    private var sent: (part: Range<Int64>, time: UInt64) = (0..<0, 0)
    /// For how long what was sent counts as still in memory. Unit: nanoseconds.
    private static let memoryTime: UInt64 = 1_000_000_000
    /// The largest part that does. Unit: bytes.
    private static let memorySize = 1 << 20

    init(_ file: HandedFile) { self.file = file }

    /// Whether the part can be had at once, as far as the file system or a moment ago tells.
    func isInMemory(_ part: Range<Int64>, now: UInt64) -> Bool {
        if now - sent.time < Self.memoryTime, sent.part.lowerBound <= part.lowerBound,
            part.upperBound <= sent.part.upperBound
        {
            return true
        }
        return file.isInMemory(at: part.lowerBound, count: part.count)
    }

    /// The part went out from memory, beginning at `time`.
    func wasSent(_ part: Range<Int64>, since time: UInt64) {
        if part.count <= Self.memorySize, time >= sent.time { sent = (part, time) }
    }
}
