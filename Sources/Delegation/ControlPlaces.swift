/// How many connections the control socket has for whom: the administrators' places are taken by nobody else, and one user
/// cannot take all that there are for the others.
public struct ControlPlaces: Sendable {
    public enum Kind: Hashable, Sendable {
        /// Who may do everything.
        case administrator
        case delegate(user: UInt32)
        /// Who is being looked up, and is none of the owner's and root's.
        case unknown(user: UInt32)
    }

    public static let administrators = 32
    /// Of all delegates together, and as many of those who are being looked up: an administrator is one of these at first.
    public static let others = 32
    /// Of one user as a delegate, and as many while being looked up.
    public static let eachUser = 8

    private var taken: [Kind: Int] = [:]

    public init() {}

    public var count: Int { taken.values.reduce(0, +) }

    /// Takes a place; false where there is none left.
    public mutating func take(_ kind: Kind) -> Bool {
        switch kind {
        case .administrator: guard taken[kind, default: 0] < Self.administrators else { return false }
        case .delegate:
            let all = taken.reduce(0) { if case .delegate = $1.key { $0 + $1.value } else { $0 } }
            guard taken[kind, default: 0] < Self.eachUser, all < Self.others else { return false }
        case .unknown:
            let all = taken.reduce(0) { if case .unknown = $1.key { $0 + $1.value } else { $0 } }
            guard taken[kind, default: 0] < Self.eachUser, all < Self.others else { return false }
        }
        taken[kind, default: 0] += 1
        return true
    }

    public mutating func leave(_ kind: Kind) {
        guard let number = taken[kind] else { return }
        taken[kind] = number > 1 ? number - 1 : nil
    }
}

/// Keeps whoever is refused all the time from filling the event log.
public struct RefusalCount: Sendable {
    /// Of one user at most so often one is told. Unit: nanoseconds.
    public static let interval: UInt64 = 10_000_000_000
    /// Who was told of last.
    private var last: [UInt32: (told: UInt64, silent: Int)] = [:]

    public init() {}

    /// Whether this refusal is told, and how many were not since the last that was; nil: not.
    public mutating func refused(user: UInt32, now: UInt64) -> Int? {
        if let known = last[user], now < known.told + Self.interval {
            last[user] = (known.told, known.silent + 1)
            return nil
        }
        let silent = last[user]?.silent ?? 0
        last = last.filter { now < $0.value.told + Self.interval }
        last[user] = (now, 0)
        return silent
    }
}
