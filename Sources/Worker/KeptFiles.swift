import Platform

/// Which files the router of a link keeps open for further responses, as far as the worker has told it to.
///
/// A file is worth it when it is sent a second time within `idleTime`. Where there is no room, it takes the place of the
/// one that was sent longest ago, if that is a second or more; so many files that are sent in turn do not drive each
/// other out. A file that is not sent for `idleTime` is let go: nobody wonders for long why the space of a removed file
/// does not come back.
struct KeptFiles {
    /// How many are kept at most.
    static let limit = 64
    /// Unit: nanoseconds.
    static let idleTime: UInt64 = 10_000_000_000
    private static let shortTime: UInt64 = 1_000_000_000
    /// How many files are remembered that were sent once.
    private static let seenLimit = 256

    /// A place among the kept.
    struct Place: Equatable {
        let number: UInt32
        /// Whether the file that had it is to be dropped first.
        let isReplacement: Bool
    }

    private struct File {
        let number: UInt32
        var usedAt: UInt64
    }

    private let limit: Int
    private var files: [FileStamp: File] = [:]
    private var freeNumbers: [UInt32]
    private var seen: [FileStamp: UInt64] = [:]

    init(limit: Int = Self.limit) {
        self.limit = limit
        freeNumbers = (0..<UInt32(limit)).reversed()
    }

    var isEmpty: Bool { files.isEmpty }

    func contains(_ stamp: FileStamp) -> Bool { files[stamp] != nil }

    /// The number of the file in that state, which is sent now; nil where it is not kept.
    mutating func use(_ stamp: FileStamp, now: UInt64) -> UInt32? {
        guard let index = files.index(forKey: stamp) else { return nil }
        files.values[index].usedAt = now
        return files.values[index].number
    }

    /// A file that is not kept is handed over: answers the number under which it is to be kept, nil for only this time.
    mutating func admit(_ stamp: FileStamp, now: UInt64) -> Place? {
        guard limit > 0, files[stamp] == nil, wasSeen(stamp, now) else { return nil }
        if let number = freeNumbers.popLast() {
            files[stamp] = File(number: number, usedAt: now)
            return Place(number: number, isReplacement: false)
        }
        guard let oldest = files.min(by: { $0.value.usedAt < $1.value.usedAt }),
            now - oldest.value.usedAt >= Self.shortTime
        else { return nil }
        files[oldest.key] = nil
        files[stamp] = File(number: oldest.value.number, usedAt: now)
        return Place(number: oldest.value.number, isReplacement: true)
    }

    private mutating func wasSeen(_ stamp: FileStamp, _ now: UInt64) -> Bool {
        if let before = seen[stamp], now - before < Self.idleTime { return true }
        if seen.count >= Self.seenLimit { seen.removeAll(keepingCapacity: true) }
        seen[stamp] = now
        return false
    }

    /// Lets go of what was not sent lately; answers the numbers.
    mutating func dropIdle(now: UInt64) -> [UInt32] {
        let idle = files.filter { now - $0.value.usedAt >= Self.idleTime }
        for (stamp, file) in idle {
            files[stamp] = nil
            freeNumbers.append(file.number)
        }
        return idle.map(\.value.number)
    }
}
