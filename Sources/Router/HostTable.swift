internal import Wire

/// Numbers by port and host name, found without regard to the case of letters and without making a `String`.
///
/// Open addressing; finding costs the same with one name and with a million.
struct HostTable {
    private struct Entry {
        var hash: UInt64 = 0
        var name = 0..<0
        var port: UInt16 = 0
        /// Negative: free.
        var value: Int32 = -1
    }

    private var entries: [Entry]
    private var names: [UInt8] = []
    /// How much of `names` belongs to names that were removed.
    private var unused = 0
    private(set) var count = 0

    /// Room for `capacity` names.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        entries = .init(repeating: Entry(), count: size)
    }

    /// The number of a name, giving it `value` if it has none.
    mutating func number(of name: Span<UInt8>, port: UInt16, orInsert value: Int) -> Int {
        // At most half of the entries are taken, so that a search ends soon.
        if (count + 1) * 2 > entries.count { rebuild(size: entries.count * 2) }
        let hash = Self.hash(name, port)
        let index = slot(name, port, hash)
        guard entries[index].value < 0 else { return Int(entries[index].value) }
        entries[index] = Entry(
            hash: hash, name: names.count..<(names.count + name.count), port: port, value: Int32(value))
        names.append(copying: name)
        count += 1
        return value
    }

    /// Takes a name out; nothing happens where it is not there.
    mutating func remove(_ name: Span<UInt8>, port: UInt16) {
        let mask = entries.count - 1
        var hole = slot(name, port, Self.hash(name, port))
        guard entries[hole].value >= 0 else { return }
        count -= 1
        unused += entries[hole].name.count
        entries[hole] = Entry()
        // What lies behind moves up where the hole would end its search.
        var index = (hole + 1) & mask
        while entries[index].value >= 0 {
            let home = Int(truncatingIfNeeded: entries[index].hash) & mask
            if (index - home) & mask >= (index - hole) & mask {
                entries[hole] = entries[index]
                entries[index] = Entry()
                hole = index
            }
            index = (index + 1) & mask
        }
        if unused > names.count / 2, unused > 4096 { rebuild(size: entries.count) }
    }

    private mutating func rebuild(size: Int) {
        let old = self
        entries = .init(repeating: Entry(), count: size)
        names = []
        unused = 0
        for var entry in old.entries where entry.value >= 0 {
            let name = old.names.span.extracting(entry.name)
            let place = slot(name, entry.port, entry.hash)
            entry.name = names.count..<(names.count + name.count)
            names.append(copying: name)
            entries[place] = entry
        }
    }

    func find(_ name: Span<UInt8>, port: UInt16) -> Int? {
        guard count > 0 else { return nil }
        let value = entries[slot(name, port, Self.hash(name, port))].value
        return value < 0 ? nil : Int(value)
    }

    /// Where the name stands, or where it would.
    private func slot(_ name: Span<UInt8>, _ port: UInt16, _ hash: UInt64) -> Int {
        let mask = entries.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while entries[index].value >= 0 {
            let entry = entries[index]
            if entry.hash == hash, entry.port == port,
                names.span.extracting(entry.name).equalsIgnoringCase(name)
            {
                return index
            }
            index = (index + 1) & mask
        }
        return index
    }

    /// FNV-1a over letters in lower case, mixed at the end. Only an administrator chooses what is inserted, so nobody
    /// else can make names collide.
    private static func hash(_ name: Span<UInt8>, _ port: UInt16) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(port)
        for index in name.indices {
            let byte = name[index]
            hash = (hash ^ UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)) &* 0x100_0000_01b3
        }
        return hash ^ hash >> 29
    }
}
