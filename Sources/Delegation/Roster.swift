internal import Configuration

/// The numbers of the users and groups that may administrate, and what.
public struct Roster: Equatable, Sendable {
    public enum Identity: Hashable, Sendable {
        case user(UInt32)
        case group(UInt32)
    }

    private let administrators: Set<Identity>
    /// In the order of administration.config, none for the whole server.
    private let scopes: [(path: ConfigurationPath, members: Set<Identity>)]
    /// For refusals: the names of the administrators, as they are written.
    public let administratorNames: [String]

    public static let empty = Roster(Delegations([.init(ConfigurationPath(), [])])) { _ in nil }

    /// - Parameter number: of an account or group; nil where this machine has none. A name in digits that is none's is itself
    ///   a number.
    public init(_ delegations: Delegations, number: (Delegations.Member) -> UInt32?) {
        func identities(_ members: [Delegations.Member]) -> Set<Identity> {
            Set(
                members.compactMap { member in
                    let known = number(member) ?? Self.number(writtenAs: member.name)
                    return known.map { member.isGroup ? .group($0) : .user($0) }
                })
        }
        administrators = identities(delegations.administrators)
        scopes = delegations.scopes.filter { $0.path.site != nil }.map { ($0.path, identities($0.members)) }
        administratorNames = delegations.administrators.map { $0.isGroup ? "members of \($0.name)" : $0.name }
    }

    private static func number(writtenAs name: String) -> UInt32? {
        guard !name.isEmpty, name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return UInt32(name)
    }

    /// What somebody may do who is neither the server's owner nor root.
    public func authority(of caller: Caller) -> Authority {
        let own = Set([.user(caller.user)] + caller.groups.map { Identity.group($0) })
        if !administrators.isDisjoint(with: own) { return .everything }
        let paths = scopes.filter { !$0.members.isDisjoint(with: own) }.map(\.path)
        return paths.isEmpty ? .nothing : .scopes(paths)
    }

    /// Everybody who may do something.
    public var everybody: Set<Identity> { scopes.reduce(administrators) { $0.union($1.members) } }
    /// Those who may do everything.
    public var administratorIdentities: Set<Identity> { administrators }

    public static func == (one: Roster, other: Roster) -> Bool {
        one.administrators == other.administrators && one.administratorNames == other.administratorNames
            && one.scopes.elementsEqual(other.scopes) { $0.path == $1.path && $0.members == $1.members }
    }
}

/// Who asks, as the kernel knows.
public struct Caller: Equatable, Sendable {
    public let user: UInt32
    /// All groups of the process that connected, as they were then.
    public let groups: [UInt32]

    public init(user: UInt32, groups: [UInt32] = []) {
        self.user = user
        self.groups = groups
    }
}
