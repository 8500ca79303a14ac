public import Crypto

/// An instance's keys: the newest seals, all of them open. Older ones stay, so that what a rotation did not reach (an
/// older version in the history, a backup) can still be read.
public struct KeyRing: Sendable {
    public struct Entry: Sendable {
        public let key: SecretKey
        /// Nanoseconds since 1970.
        public let created: Int64

        public init(_ key: SecretKey, created: Int64) {
            self.key = key
            self.created = created
        }

        /// What values that it sealed name it by.
        public var id: [UInt8] { key.id }

        /// 16 hexadecimal digits that name the key.
        public var name: String { HexText.text(key.id) }
    }

    /// The oldest first; at least one.
    public private(set) var entries: [Entry]

    /// - Parameter now: nanoseconds since 1970.
    public init(now: Int64) { entries = [Entry(.random(), created: now)] }

    public var current: SecretKey { entries[entries.count - 1].key }

    public func key(_ id: some Collection<UInt8>) -> SecretKey? { entries.first { $0.key.id.elementsEqual(id) }?.key }

    /// From now on a new key seals.
    public mutating func renew(now: Int64) { entries.append(Entry(.random(), created: now)) }

    /// Takes in keys of another ring that this one has not. Its own go on sealing.
    ///
    /// - Returns: how many came in.
    @discardableResult
    public mutating func add(_ other: KeyRing) -> Int {
        let new = other.entries.filter { key($0.key.id) == nil }
        entries.insert(contentsOf: new, at: 0)
        return new.count
    }

    /// As `add`, and what seals there seals here.
    @discardableResult
    public mutating func adopt(_ other: KeyRing) -> Int {
        let count = add(other)
        let id = other.current.id
        // `add` has brought it in where it was not here.
        if let index = entries.firstIndex(where: { $0.key.id == id }) { entries.append(entries.remove(at: index)) }
        return count
    }

    /// Forgets all keys but the current one and those that `isUsed` says yes to, by their ids; answers how many went.
    public mutating func forget(unless isUsed: ([UInt8]) -> Bool) -> Int {
        let count = entries.count
        let current = self.current.id
        entries.removeAll { $0.key.id != current && !isUsed($0.key.id) }
        return count - entries.count
    }
}

extension KeyRing {
    private static let heading = "hostelry keys 1"

    /// A heading, and a line for each key: its name, when it was made, and the key in base64.
    public var bytes: [UInt8] {
        let lines = entries.map { entry in
            "key \(entry.name) \(entry.created) \(String(decoding: Base64.encode(entry.key.bytes), as: UTF8.self))"
        }
        return Array(([Self.heading] + lines).map { $0 + "\n" }.joined().utf8)
    }

    /// Nil for anything but what `bytes` is; a key that is not what its name says is none.
    public init?(bytes: [UInt8]) {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == Self.heading[...] else { return nil }
        lines.removeFirst()
        entries = []
        for line in lines {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[0] == "key", let created = Int64(fields[2]),
                var bytes = Base64.decode(Array(fields[3].utf8).span), let key = SecretKey(taking: &bytes),
                HexText.text(key.id) == fields[1], self.key(key.id) == nil
            else { return nil }
            entries.append(Entry(key, created: created))
        }
        guard !entries.isEmpty else { return nil }
    }
}
