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
    private let capacity: Int

    /// `capacity`, in slots, is rounded up to a power of two; three quarters of them are used at most.
    init(capacity: Int = 8192) {
        var size = 64
        slots = Array(repeating: nil, count: size)
        while size < capacity { size *= 2 }
        self.capacity = size
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
        if count >= slots.count / 4 * 3 { makeRoom() }
        let path = resolution.path
        place(Slot(hash: Self.hash(site, path.span), site: site, resolution: resolution))
    }

    private mutating func place(_ new: Slot) {
        var index = new.hash & (slots.count - 1)
        while let slot = slots[index] {
            if slot.hash == new.hash, slot.site == new.site, slot.resolution.path == new.resolution.path { break }
            index = (index + 1) & (slots.count - 1)
        }
        if slots[index] == nil { count += 1 }
        slots[index] = new
    }

    private mutating func makeRoom() {
        guard slots.count < capacity else { return removeAll() }
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        count = 0
        for case let slot? in old { place(slot) }
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
