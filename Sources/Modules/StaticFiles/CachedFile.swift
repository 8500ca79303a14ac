import HTTP1
import Pipeline
import Platform
import Wire

/// A file ready to be sent.
final class CachedFile {
    enum Content {
        case memory([UInt8])
        case open(OpenFile)
        /// Opened for each response.
        case place(FilePlace)
    }

    let stamp: FileStamp
    let content: Content
    /// Unit: bytes.
    let length: Int64
    /// The entity tag with its quotes.
    let tag: [UInt8]
    /// The last change as HTTP writes it.
    let modified: [UInt8]
    /// Since 1970; what is older counts as of then.
    let modifiedSeconds: Int64
    /// Whether the content is held, so that its stamp stands for it.
    var isRemembered = false
    var hits = HitCount()
    /// The fields of the whole file's response as a module last made them, to be sent again by the same module.
    var described: (by: StaticFileModule, fields: HeaderBlock)?

    init(_ stamp: FileStamp, _ content: Content) {
        self.stamp = stamp
        self.content = content
        length = if case .memory(let bytes) = content { Int64(bytes.count) } else { stamp.size }
        tag = EntityTag.of(stamp)
        modifiedSeconds = max(0, stamp.modified / 1_000_000_000)
        modified = HTTPDate.bytes(seconds: modifiedSeconds)
    }

    /// What it takes in memory, roughly. Unit: bytes.
    var cost: Int64 {
        if case .memory(let bytes) = content { Int64(bytes.count) + 512 } else { 512 }
    }
}

/// How often something was asked for lately.
struct HitCount {
    private var hits = 0
    /// When the first of `hits` came. Unit: nanoseconds.
    private var since: Int64 = 0

    /// Counts one at `now`; answers whether there were `threshold` of them within the last `period` (nanoseconds).
    mutating func count(at now: Int64, threshold: Int, within period: Int64) -> Bool {
        if now - since > period || since > now {
            since = now
            hits = 0
        }
        hits += 1
        return hits >= threshold
    }
}
