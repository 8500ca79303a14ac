import Wire

/// How long guesses have to wait: nothing for the first few, then twice as long each time.
///
/// A guess counts as wrong from its beginning until it is known to be right, so that guessing many at once is no faster
/// than guessing one after the other. Counted are guesses at one name from one client, and all guesses from one client;
/// not those at a name from everywhere, so that no stranger keeps a user out. After `memory` without a guess all is
/// forgotten.
struct SignInDelays {
    /// Wrong guesses without a delay.
    private static let freeGuessesAtName = 3
    private static let freeGuesses = 20
    /// The delay of the first guess beyond, and the longest. Unit: milliseconds.
    private static let shortest: UInt64 = 250
    private static let longest: UInt64 = 8000
    /// Guesses of one client that wait at once.
    static let maximumWaiting = 16
    /// Unit: milliseconds.
    private static let memory: UInt64 = 300_000
    private static let capacity = 4096

    private struct Target: Hashable {
        let client: IPAddress
        let name: String
    }

    private struct Guesses {
        var wrong = 0
        /// When the last one of them is looked at. Unit: milliseconds.
        var lastAt: UInt64 = 0
        var waiting = 0

        /// When the next one is looked at.
        mutating func next(free: Int, now: UInt64) -> UInt64 {
            defer { wrong += 1 }
            guard wrong >= free else { return now }
            let delay = min(SignInDelays.longest, SignInDelays.shortest << UInt64(min(wrong - free, 10)))
            lastAt = max(lastAt, now) + delay
            return lastAt
        }
    }

    private var targets = AgingTable<Target, Guesses>(capacity: capacity, period: memory)
    private var clients = AgingTable<IPAddress, Guesses>(capacity: capacity, period: memory)

    /// A guess begins. Answers how long it has to wait, in milliseconds; nil where the client has too many waiting.
    mutating func begin(_ name: String, from address: IPAddress, now: UInt64) -> UInt64? {
        let client = address.clientBlock
        let byClient = clients.update(client, now: now, default: Guesses()) { guesses -> UInt64? in
            guard guesses.waiting < Self.maximumWaiting else { return nil }
            guesses.waiting += 1
            return guesses.next(free: Self.freeGuesses, now: now)
        }
        guard let byClient else { return nil }
        let byTarget = targets.update(Target(client: client, name: name), now: now, default: Guesses()) {
            $0.next(free: Self.freeGuessesAtName, now: now)
        }
        return max(byClient, byTarget) - now
    }

    /// The guess is judged.
    mutating func end(_ name: String, from address: IPAddress, isRight: Bool, now: UInt64) {
        let client = address.clientBlock
        clients.update(client, now: now, default: Guesses()) { guesses in
            guesses.waiting = max(0, guesses.waiting - 1)
            if isRight { guesses.wrong = max(0, guesses.wrong - 1) }
        }
        if isRight { targets.remove(Target(client: client, name: name)) }
    }
}
