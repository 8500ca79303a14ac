import Pipeline
public import Platform

/// The worker's memory of files: the content of small ones, and what of the answer follows from the file alone.
///
/// An entry is good while the file's stamp, which every request looks at anyway, stays the same. A file that was
/// written a moment ago is served and not remembered, since a further write could leave the same stamp. What is not in
/// the system's memory is read by another thread, once for all who wait for it: a slow disk stalls nobody else.
public final class FileCache {
    /// The largest file that is held. Unit: bytes; IIS's `maxResponseSize` is the same.
    static let maximumFile: Int64 = 262_144
    /// What all entries may take. Unit: bytes.
    private let capacity: Int64
    let clock: () -> Int64
    private let triesMemory: Bool
    private var entries = BoundedTable<SystemPath, CachedFile>()
    /// Files that another thread reads.
    private var readings: [SystemPath: Reading] = [:]

    typealias Outcome = Result<CachedFile, SystemError>

    /// What waits for one reading.
    private final class Reading {
        let stamp: FileStamp
        var waiting: [(Outcome) -> Void] = []
        var outcome: Outcome?

        init(_ stamp: FileStamp) { self.stamp = stamp }
    }

    /// - Parameters:
    ///   - capacity: unit: bytes; default 16 MB.
    ///   - clock: nanoseconds since 1970, the clock of the file system's stamps.
    ///   - triesMemory: whether what the system has in memory is read at once; false is for tests.
    public init(
        capacity: Int64 = 16 << 20, clock: @escaping () -> Int64 = FileStamp.now, triesMemory: Bool = true
    ) {
        self.capacity = capacity
        self.clock = clock
        self.triesMemory = triesMemory
    }

    /// The file in the state of the stamp, if it is held.
    func known(_ path: SystemPath, _ stamp: FileStamp) -> CachedFile? {
        guard let file = entries.find(path), file.stamp == stamp else { return nil }
        return file
    }

    /// The file `relative` below `root`, whose whole path is `path`. Nil when it must be waited for: `whenRead` gets it
    /// then, and only then.
    func file(
        _ path: SystemPath, _ relative: SystemPath, beneath root: SystemPath, _ services: any ModuleServices,
        whenRead: @escaping (Outcome) -> Void
    ) throws(SystemError) -> CachedFile? {
        let descriptor = try FileDescriptor.open(relative, beneath: root)
        let information = try FileInformation.of(descriptor)
        guard information.kind == .regular else { throw SystemError("open", path.text, code: SystemError.missing) }
        let stamp = information.stamp
        let place = FilePlace(relative, beneath: root, stamp)
        let file = OpenFile(descriptor, at: place)
        guard stamp.size <= Self.maximumFile else {
            if known(path, stamp) == nil { remember(CachedFile(stamp, .place(place)), path) }
            return CachedFile(stamp, .open(file))
        }
        var content: [UInt8] = []
        if stamp.size > 0 {
            switch triesMemory ? file.read(Int(stamp.size), at: 0, waiting: false, into: &content) : .mustWait {
            case .bytes(let count) where count == Int(stamp.size): break
            case .failed: throw SystemError("read", path.text, code: SystemError.unreadable)
            default: return try read(file, path, stamp, services, whenRead: whenRead).get()
            }
        }
        return finish(content, stamp, file.information()?.stamp, path)
    }

    private func read(
        _ file: OpenFile, _ path: SystemPath, _ stamp: FileStamp, _ services: any ModuleServices,
        whenRead: @escaping (Outcome) -> Void
    ) -> Result<CachedFile?, SystemError> {
        if let reading = readings[path], reading.stamp == stamp {
            reading.waiting.append(whenRead)
            return .success(nil)
        }
        let reading = Reading(stamp)
        readings[path] = reading
        services.perform {
            var content: [UInt8] = []
            let result = file.read(Int(stamp.size), at: 0, waiting: true, into: &content)
            return ReadFile(content: content, hasFailed: result == .failed, after: file.information()?.stamp)
        } then: { [self] (read: ReadFile) in
            if readings[path] === reading { readings[path] = nil }
            let outcome: Outcome =
                read.hasFailed
                ? .failure(SystemError("read", path.text, code: SystemError.unreadable))
                : .success(finish(read.content, stamp, read.after, path))
            reading.outcome = outcome
            for each in reading.waiting { each(outcome) }
        }
        if let outcome = reading.outcome { return outcome.map(\.self) }
        reading.waiting.append(whenRead)
        return .success(nil)
    }

    private struct ReadFile: Sendable {
        let content: [UInt8]
        let hasFailed: Bool
        let after: FileStamp?
    }

    private func finish(_ content: [UInt8], _ stamp: FileStamp, _ after: FileStamp?, _ path: SystemPath) -> CachedFile {
        let file = CachedFile(stamp, .memory(content))
        if content.count == Int(stamp.size), after == stamp { remember(file, path) }
        return file
    }

    private func remember(_ file: CachedFile, _ path: SystemPath) {
        guard file.stamp.isSettled(at: clock()) else { return }
        file.isRemembered = true
        entries.insert(file, path, cost: file.cost, capacity: capacity)
    }

    /// Counts a request for the file; answers whether there were `threshold` of them within the last `period`.
    ///
    /// - Parameter period: unit: nanoseconds.
    func countHit(_ file: CachedFile, threshold: Int, within period: Int64) -> Bool {
        file.hits.count(at: clock(), threshold: threshold, within: period)
    }

    /// Whether a file's time is so long ago that no other state of the file has the same one in whole seconds.
    func isStrong(modified: Int64) -> Bool { clock() / 1_000_000_000 - modified > 1 }
}
