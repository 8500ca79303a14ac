/// A POSIX access list as Linux keeps it: a version (4 bytes), then entries of 8 bytes, sorted.
public struct AccessList: Equatable, Sendable {
    public struct Permissions: OptionSet, Hashable, Sendable {
        public let rawValue: UInt16

        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let execute = Permissions(rawValue: 1)
        public static let write = Permissions(rawValue: 2)
        public static let read = Permissions(rawValue: 4)
    }

    enum Tag: UInt16 {
        case owner = 1
        case user = 2
        case owningGroup = 4
        case group = 8
        case mask = 16
        case other = 32
    }

    struct Entry: Equatable {
        let tag: Tag
        var permissions: Permissions
        /// Of users and groups.
        var id: UInt32 = .max
    }

    private static let version: UInt32 = 2
    private(set) var entries: [Entry]

    /// What a mode says.
    init(mode: UInt32) {
        func part(_ shift: UInt32) -> Permissions { Permissions(rawValue: UInt16(mode >> shift & 7)) }
        entries = [
            Entry(tag: .owner, permissions: part(6)), Entry(tag: .owningGroup, permissions: part(3)),
            Entry(tag: .other, permissions: part(0)),
        ]
    }

    /// Nil for bytes that are no list.
    init?(_ bytes: [UInt8]) {
        func number(_ offset: Int, _ size: Int) -> UInt32 {
            (0..<size).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 4, (bytes.count - 4) % 8 == 0, number(0, 4) == Self.version else { return nil }
        entries = []
        for offset in stride(from: 4, to: bytes.count, by: 8) {
            guard let tag = Tag(rawValue: UInt16(number(offset, 2))) else { return nil }
            entries.append(
                Entry(
                    tag: tag, permissions: Permissions(rawValue: UInt16(number(offset + 2, 2) & 7)),
                    id: number(offset + 4, 4)))
        }
        for tag in [Tag.owner, .owningGroup, .other] where entries.count(where: { $0.tag == tag }) != 1 { return nil }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: UInt32, _ size: Int) {
            for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * index))) }
        }
        append(Self.version, 4)
        for entry in entries {
            append(UInt32(entry.tag.rawValue), 2)
            append(UInt32(entry.permissions.rawValue), 2)
            append(entry.id, 4)
        }
        return bytes
    }

    private var mask: Permissions? { entries.first { $0.tag == .mask }?.permissions }

    private func permissions(of tag: Tag) -> Permissions { entries.first { $0.tag == tag }?.permissions ?? [] }

    /// Gives a user these permissions and no others; nobody else gets more or fewer than before.
    mutating func grant(_ permissions: Permissions, to user: UInt32) { grant(permissions, .user, user) }

    /// The same for the members of a group.
    mutating func grant(_ permissions: Permissions, toGroup group: UInt32) { grant(permissions, .group, group) }

    private mutating func grant(_ permissions: Permissions, _ tag: Tag, _ user: UInt32) {
        let old = mask
        for index in entries.indices {
            switch entries[index].tag {
            // What the mask kept from them is not to come back when it grows.
            case .user, .group, .owningGroup: if let old { entries[index].permissions.formIntersection(old) }
            case .owner, .mask, .other: break
            }
        }
        entries.removeAll { $0.tag == .mask || $0.tag == tag && $0.id == user }
        entries.append(Entry(tag: tag, permissions: permissions, id: user))
        let named = entries.filter { [.user, .group, .owningGroup].contains($0.tag) }
        entries.append(
            Entry(tag: .mask, permissions: named.reduce(Permissions()) { $0.union($1.permissions) }))
        entries.sort { ($0.tag.rawValue, $0.id) < ($1.tag.rawValue, $1.id) }
    }

    /// What a user who is in `groups` may do with a file of `owner` and `group`.
    func permissions(of user: UInt32, in groups: [UInt32], owner: UInt32, group: UInt32) -> Permissions {
        if user == owner { return permissions(of: .owner) }
        let mask = mask ?? [.read, .write, .execute]
        if let own = entries.first(where: { $0.tag == .user && $0.id == user }) {
            return own.permissions.intersection(mask)
        }
        let matching = entries.filter {
            $0.tag == .owningGroup && groups.contains(group) || $0.tag == .group && groups.contains($0.id)
        }
        guard !matching.isEmpty else { return permissions(of: .other) }
        return matching.reduce(Permissions()) { $0.union($1.permissions) }.intersection(mask)
    }
}
