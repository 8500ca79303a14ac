import Wire

/// The resolutions of the paths asked for lately, found by the path's bytes without making a key first.
///
/// Holds a bounded number; when it is full it starts anew, so a client that asks for ever new paths costs time, not
/// memory.
struct ResolutionTable {
    private struct Slot {
        let hash: Int
        let site: UInt32
        let resolution: Resolution
    }

    private var slots: [Slot?]
    private var count = 0
    /// Three quarters of the slots, so that probing ends soon.
    private var limit: Int { slots.count / 4 * 3 }

    /// `capacity` is rounded up to a power of two.
    init(capacity: Int = 8192) {
        var size = 16
        while size < capacity { size *= 2 }
        slots = Array(repeating: nil, count: size)
    }

    func find(site: UInt32, path: Span<UInt8>) -> Resolution? {
        let hash = Self.hash(site, path)
        var index = hash & (slots.count - 1)
        while let slot = slots[index] {
            let known = slot.resolution.path
            if slot.hash == hash, slot.site == site, known.span.equals(path) { return slot.resolution }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds the resolution, or replaces the one of the same path.
    mutating func insert(_ resolution: Resolution, site: UInt32) {
        if count >= limit { removeAll() }
        let path = resolution.path
        let hash = Self.hash(site, path.span)
        var index = hash & (slots.count - 1)
        while let slot = slots[index] {
            if slot.hash == hash, slot.site == site, slot.resolution.path == path { break }
            index = (index + 1) & (slots.count - 1)
        }
        if slots[index] == nil { count += 1 }
        slots[index] = Slot(hash: hash, site: site, resolution: resolution)
    }

    mutating func removeAll() {
        for index in slots.indices { slots[index] = nil }
        count = 0
    }

    /// Seeded by the process, so that nobody outside can choose paths that collide.
    private static func hash(_ site: UInt32, _ path: Span<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(site)
        var word: UInt64 = 0
        for index in path.indices {
            word = word << 8 | UInt64(path[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(path.count)
        return hasher.finalize() & Int.max
    }
}
