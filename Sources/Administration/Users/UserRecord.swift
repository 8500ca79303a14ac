/// Which user number belongs to whom, as a text that only grows:
///
///     2100000000 account hostelry-router
///     2100000001 pool defaultapppool
///
/// A line without its end was cut short by a crash before anybody used its number. Nothing is ever changed: whoever
/// adds the next line ends that one with `!`, and a line with that end means nothing.
struct UserRecord {
    /// Beyond what systemd gives to services and containers (up to 1,879,048,191) and what directories give to people
    /// (FreeIPA and SSSD: up to 2,000,200,000); every number fits 31 bits.
    static let range: ClosedRange<UInt32> = 2_100_000_000...2_100_999_999

    enum Owner: Hashable {
        /// By its name in any case of letters.
        case pool(String)
        /// An account of Hostelry's own that the machine does not have.
        case account(String)

        init(pool: String) { self = .pool(pool.lowercased()) }

        fileprivate var text: String {
            switch self {
            case .pool(let name): "pool \(UserRecord.escaped(name))"
            case .account(let name): "account \(UserRecord.escaped(name))"
            }
        }
    }

    struct Damage: Error, Equatable {
        let line: Int
        let reason: String
    }

    private(set) var users: [Owner: UInt32] = [:]
    private var isCutShort = false

    init() {}

    init(_ bytes: [UInt8]) throws(Damage) {
        isCutShort = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // Behind the last line end: nothing, or what was cut short.
        lines.removeLast()
        var owners: [UInt32: Owner] = [:]
        for (index, line) in lines.enumerated() where line.last != UInt8(ascii: "!") {
            let number = index + 1
            guard let (user, owner) = Self.entry(String(decoding: line, as: UTF8.self)) else {
                throw Damage(line: number, reason: "this is no record of a user")
            }
            guard owners.updateValue(owner, forKey: user) == nil else {
                throw Damage(line: number, reason: "the user \(user) belongs to somebody else already")
            }
            guard users.updateValue(user, forKey: owner) == nil else {
                throw Damage(line: number, reason: "\(owner.text) has another user already")
            }
        }
    }

    /// The number that comes after all that were ever given, and after `others`; nil where none is left.
    func next(beyond others: [UInt32] = []) -> UInt32? {
        let last = (Array(users.values) + others).filter(Self.range.contains).max()
        guard let last else { return Self.range.lowerBound }
        return last < Self.range.upperBound ? last + 1 : nil
    }

    mutating func add(_ user: UInt32, _ owner: Owner) { users[owner] = user }

    /// What is to be written at the end of the text so that `user` belongs to `owner`.
    func addition(_ user: UInt32, _ owner: Owner) -> [UInt8] {
        Array("\(isCutShort ? "!\n" : "")\(user) \(owner.text)\n".utf8)
    }

    private static func entry(_ line: String) -> (UInt32, Owner)? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let user = UInt32(words[0]), range.contains(user), let name = unescaped(words[2]),
            !name.isEmpty
        else { return nil }
        switch words[1] {
        case "pool": return (user, Owner(pool: name))
        case "account": return (user, .account(name))
        default: return nil
        }
    }

    /// A name as one word that can also name a file: everything but letters, digits, `-`, `_`, dots that do not come
    /// first, and what is no ASCII becomes `%XX`.
    static func escaped(_ name: String) -> String {
        var text: [UInt8] = []
        for (index, byte) in name.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
                text.append(byte)
            case UInt8(ascii: ".") where index > 0: text.append(byte)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil where the text is nothing that `escaped` gave.
    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        let name = String(decoding: bytes, as: UTF8.self)
        return escaped(name) == text ? name : nil
    }
}
