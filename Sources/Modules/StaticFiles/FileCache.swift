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

    /// The file at `place`, whose whole path is `path`. Nil when it must be waited for: `whenRead` gets it then, and only
    /// then.
    ///
    func file(
        _ path: SystemPath, _ place: FilePlace, _ services: any ModuleServices,
        whenRead: @escaping (Outcome) -> Void
    ) throws(SystemError) -> CachedFile? {
        if triesMemory, !place.isRemote {
            do throws(SystemError) {
                return try finish(OpenedFile(place, path, waiting: false), path)
            } catch {
                guard error.mustWait else { throw error }
            }
        }
        return try read(path, place, services, whenRead: whenRead).get()
    }

    private func read(
        _ path: SystemPath, _ place: FilePlace, _ services: any ModuleServices, whenRead: @escaping (Outcome) -> Void
    ) -> Result<CachedFile?, SystemError> {
        if let reading = readings[path], reading.stamp == place.stamp {
            reading.waiting.append(whenRead)
            return .success(nil)
        }
        let reading = Reading(place.stamp)
        readings[path] = reading
        services.perform {
            OpenedFile.result(place, path)
        } then: { [self] (opened: Result<OpenedFile, SystemError>) in
            if readings[path] === reading { readings[path] = nil }
            let outcome = opened.map { finish($0, path) }
            reading.outcome = outcome
            for each in reading.waiting { each(outcome) }
        }
        if let outcome = reading.outcome { return outcome.map(\.self) }
        reading.waiting.append(whenRead)
        return .success(nil)
    }

    private func finish(_ opened: OpenedFile, _ path: SystemPath) -> CachedFile {
        let stamp = opened.place.stamp
        guard let content = opened.content else {
            if known(path, stamp) == nil { remember(CachedFile(stamp, .place(opened.place)), path) }
            return CachedFile(stamp, .open(opened.file))
        }
        let file = CachedFile(stamp, .memory(content))
        if content.count == Int(stamp.size), opened.after == stamp { remember(file, path) }
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

/// A file that was opened, and read where it is small.
private struct OpenedFile: Sendable {
    let file: OpenFile
    /// With the state that it had when it was opened.
    let place: FilePlace
    /// Nil for a large file.
    let content: [UInt8]?
    /// Its state after reading.
    let after: FileStamp?

    /// - Parameter waiting: false throws `EAGAIN` for what is not in memory.
    init(_ asked: FilePlace, _ path: SystemPath, waiting: Bool) throws(SystemError) {
        let descriptor = try FileDescriptor.open(asked.path, beneath: asked.root, waiting: waiting)
        let information = try FileInformation.of(descriptor)
        guard information.kind == .regular else { throw SystemError("open", path.text, code: SystemError.missing) }
        place = FilePlace(asked.path, beneath: asked.root, information.stamp, isRemote: asked.isRemote)
        file = OpenFile(descriptor, at: place)
        let size = information.stamp.size
        guard size <= FileCache.maximumFile else {
            (content, after) = (nil, nil)
            return
        }
        var bytes: [UInt8] = []
        if size > 0 {
            switch file.read(Int(size), at: 0, waiting: waiting, into: &bytes) {
            case .bytes(let count) where waiting || count == Int(size): break
            case .bytes, .mustWait: throw SystemError("read", path.text, code: SystemError.notYet)
            case .end where waiting: break
            case .end: throw SystemError("read", path.text, code: SystemError.notYet)
            case .failed: throw SystemError("read", path.text, code: SystemError.unreadable)
            }
        }
        content = bytes
        after = file.information()?.stamp
    }

    static func result(_ place: FilePlace, _ path: SystemPath) -> Result<OpenedFile, SystemError> {
        do throws(SystemError) {
            let opened = try OpenedFile(place, path, waiting: true)
            // Here nobody else waits for that.
            if place.isRemote { opened.file.close() }
            return .success(opened)
        } catch {
            return .failure(error)
        }
    }
}
