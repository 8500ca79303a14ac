/// Who may sign in, as a users file and a groups file say.
///
/// The users file is `htpasswd`'s: lines `name:hash`. The groups file is Apache's: lines `group: name name …`. In both,
/// empty lines and those that begin with `#` say nothing. Names are told apart without the case of ASCII letters, as
/// Windows does it; of two lines with one name the first holds.
public struct UserDirectory: Sendable {
    /// What is wrong with the files' lines, for the administrator: at most `maximumProblems`, never a hash.
    public private(set) var problems: [String] = []
    private var hashes: [String: PasswordHash] = [:]
    private var groups: [String: [String]] = [:]
    /// What a name that is not there is checked against, so that it takes as long as one that is.
    private var decoy: PasswordHash?

    private static let maximumProblems = 20

    public init(users: [UInt8], groups: [UInt8] = []) {
        forEachLine(of: users, "users file") { directory, name, hash in directory.add(user: name, hash) }
        forEachLine(of: groups, "groups file") { directory, name, members in directory.add(group: name, members) }
    }

    public var isEmpty: Bool { hashes.isEmpty }

    /// Whether the name is there and the password its own. Takes equally long for every name as long as all hashes are
    /// of one kind and cost.
    public func accepts(name: String, password: [UInt8]) -> Bool {
        if let hash = hashes[name.lowercasedASCII] { return hash.matches(password) }
        _ = decoy?.matches(password)
        return false
    }

    /// The groups that the name is in.
    public func groups(of name: String) -> [String] { groups[name.lowercasedASCII] ?? [] }

    private mutating func add(user name: String, _ text: String) -> String? {
        // What follows a further colon is a comment, as in passwd(5).
        guard let hash = PasswordHash(String(text.prefix { $0 != ":" })) else {
            return "a kind of hash that is not known"
        }
        guard hashes.updateValue(hash, forKey: name.lowercasedASCII, onlyWhereMissing: true) else {
            return "a name that is there already"
        }
        if decoy == nil { decoy = hash }
        return nil
    }

    private mutating func add(group name: String, _ members: String) -> String? {
        for member in members.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            groups[String(member).lowercasedASCII, default: []].append(name)
        }
        return nil
    }

    /// `add` answers what is wrong with a line, nil for nothing.
    private mutating func forEachLine(
        of bytes: [UInt8], _ file: String, _ add: (inout UserDirectory, String, String) -> String?
    ) {
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let problem: String?
            if let text = String(validating: line, as: UTF8.self), let colon = text.firstIndex(of: ":"),
                colon > text.startIndex
            {
                problem = add(&self, String(text[..<colon]), String(text[text.index(after: colon)...]))
            } else {
                problem = "no name before a colon"
            }
            if let problem, problems.count < Self.maximumProblems {
                problems.append("\(file), line \(number + 1): \(problem)")
            }
        }
    }
}

extension Dictionary {
    /// Whether the value was put there: not where the key has one.
    fileprivate mutating func updateValue(_ value: Value, forKey key: Key, onlyWhereMissing: Bool) -> Bool {
        guard self[key] == nil else { return false }
        self[key] = value
        return true
    }
}

extension String {
    /// With ASCII letters in lower case.
    public var lowercasedASCII: String {
        String(decoding: utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
