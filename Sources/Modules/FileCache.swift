import HTTP1
import Pipeline
public import Platform

/// The worker's memory of small files: content, and what of the answer follows from the file alone.
///
/// An entry is good while the file's stamp, which every request looks at anyway, stays the same. A file that was
/// written a moment ago is served and not remembered, since a further write could leave the same stamp.
public final class FileCache {
    /// The largest file that is held. Unit: bytes; IIS's `maxResponseSize` is the same.
    static let maximumFile: Int64 = 262_144
    /// What all entries may take. Unit: bytes.
    private let capacity: Int64
    private let clock: () -> Int64
    private var entries: [SystemPath: CachedFile] = [:]
    /// In the order of their coming.
    private var order: ArraySlice<SystemPath> = []
    private var size: Int64 = 0

    /// - Parameters:
    ///   - capacity: unit: bytes; default 16 MB.
    ///   - clock: nanoseconds since 1970, the clock of the file system's stamps.
    public init(capacity: Int64 = 16 << 20, clock: @escaping () -> Int64 = FileStamp.now) {
        self.capacity = capacity
        self.clock = clock
    }

    /// The file of a resolution whose path looked like `seen` a moment ago.
    func file(_ resolution: Resolution, _ seen: FileInformation) throws(SystemError) -> CachedFile {
        guard let path = resolution.physicalPath, let relative = resolution.relativePath else {
            throw SystemError("open", "", code: SystemError.missing)
        }
        if let known = entries[path], known.stamp == seen.stamp {
            known.isUsed = true
            return known
        }
        let descriptor = try FileDescriptor.open(relative, beneath: resolution.root)
        let information = try FileInformation.of(descriptor)
        guard information.kind == .regular else { throw SystemError("open", path.text, code: SystemError.missing) }
        let stamp = information.stamp
        guard stamp.size <= Self.maximumFile else {
            return CachedFile(stamp, .file(FileBody(descriptor, length: stamp.size)))
        }
        var content: [UInt8] = []
        let count = try descriptor.read(Int(stamp.size), at: 0, into: &content)
        let file = CachedFile(stamp, .bytes(content))
        let after = try FileInformation.of(descriptor)
        if count == Int(stamp.size), after.stamp == stamp, stamp.isSettled(at: clock()) { remember(file, path) }
        return file
    }

    /// Counts a request for the file; answers whether there were `threshold` of them within the last `period`.
    ///
    /// - Parameter period: unit: nanoseconds.
    func countHit(_ file: CachedFile, threshold: Int, within period: Int64) -> Bool {
        let now = clock()
        if now - file.countedSince > period || file.countedSince > now {
            file.countedSince = now
            file.hits = 0
        }
        file.hits += 1
        return file.hits >= threshold
    }

    private func remember(_ file: CachedFile, _ path: SystemPath) {
        file.isRemembered = true
        if let old = entries.updateValue(file, forKey: path) {
            size -= old.cost
        } else {
            order.append(path)
        }
        size += file.cost
        while size > capacity, !order.isEmpty { evict() }
    }

    /// Goes through the entries in their order: one that was used since the last time is spared, the first that was not
    /// goes.
    private func evict() {
        while let path = order.popFirst() {
            guard let file = entries[path] else { continue }
            guard file.isUsed else {
                entries[path] = nil
                size -= file.cost
                return
            }
            file.isUsed = false
            order.append(path)
        }
    }
}

/// A file ready to be sent.
final class CachedFile {
    let stamp: FileStamp
    let body: ResponseBody
    /// The entity tag with its quotes.
    let tag: [UInt8]
    /// The last change as HTTP writes it.
    let modified: [UInt8]
    /// Since 1970; what is older counts as of then.
    let modifiedSeconds: Int64
    var isUsed = false
    /// Whether the content is held, so that its stamp stands for it.
    fileprivate(set) var isRemembered = false
    fileprivate var hits = 0
    /// When the first of `hits` came, by the cache's clock.
    fileprivate var countedSince: Int64 = 0

    init(_ stamp: FileStamp, _ body: ResponseBody) {
        self.stamp = stamp
        self.body = body
        tag = EntityTag.of(stamp)
        modifiedSeconds = max(0, stamp.modified / 1_000_000_000)
        modified = HTTPDate.bytes(seconds: modifiedSeconds)
    }

    /// What it takes in memory, roughly. Unit: bytes.
    var cost: Int64 { stamp.size + 512 }
}
