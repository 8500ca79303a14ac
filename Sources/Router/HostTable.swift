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
    private(set) var count = 0

    /// Room for `capacity` names.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        entries = .init(repeating: Entry(), count: size)
    }

    /// The number of a name, giving it `value` if it has none. Never more names than there is room for.
    mutating func number(of name: Span<UInt8>, port: UInt16, orInsert value: Int) -> Int {
        let hash = Self.hash(name, port)
        let index = slot(name, port, hash)
        guard entries[index].value < 0 else { return Int(entries[index].value) }
        entries[index] = Entry(
            hash: hash, name: names.count..<(names.count + name.count), port: port, value: Int32(value))
        names.append(copying: name)
        count += 1
        return value
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
