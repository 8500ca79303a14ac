/// Which of an application's processes takes the next request, and when one is started: decides and does nothing.
///
/// Requests go round the slots. One whose slot has no process that listens waits for a start; there is one start at a time,
/// and all that wait for the same slot have its outcome.
struct BackendRota {
    enum Refusal: Equatable, Sendable {
        /// The start was tried as often as it is for one request, or once where trying again cannot help.
        case startFailed
        case rapidFails
        case stopping
    }

    enum Action: Equatable, Sendable {
        case give(ticket: UInt64, slot: Int)
        case refuse(ticket: UInt64, Refusal)
        case start(slot: Int, attempt: Int)
        /// An event says that all attempts have failed.
        case tellFailed(attempts: Int)
        /// An event says that the limit of rapid fails is exceeded; once in each window.
        case tellRapidFails
        /// Ends the process of a slot, or the start in it.
        case stop(slot: Int)
        /// Everything is stopped.
        case finish
    }

    private enum Slot {
        case empty, starting, ready
        /// Its process is lost or being stopped, and something of it is left.
        case leaving
    }

    /// Unit: nanoseconds. IIS: 60 s, fixed.
    static let window: UInt64 = 60_000_000_000

    private let attempts: Int
    private let rapidFailLimit: Int
    private var slots: [Slot]
    private var counter: UInt32 = 0
    private var waiting: [(ticket: UInt64, slot: Int)] = []
    /// The slot that is started, and how often that was tried.
    private var current: (slot: Int, attempt: Int)?
    private var rapidFails = 0
    private var windowStart: UInt64
    private var hasToldRapidFails = false
    private(set) var isStopping = false
    private var isFinished = false

    init(slots: Int, attempts: Int, rapidFailLimit: Int, at now: UInt64) {
        self.slots = .init(repeating: .empty, count: max(1, slots))
        self.attempts = max(1, attempts)
        self.rapidFailLimit = rapidFailLimit
        windowStart = now
    }

    /// The slot of the next request, where its process listens: what `request` would give it at once.
    mutating func ready() -> Int? {
        let slot = Int((counter &+ 1) % UInt32(slots.count))
        guard !isStopping, case .ready = slots[slot] else { return nil }
        counter &+= 1
        return slot
    }

    mutating func request(_ ticket: UInt64, at now: UInt64) -> [Action] {
        guard !isStopping else { return [.refuse(ticket: ticket, .stopping)] }
        // IIS counts before it divides, so that the first request has slot 1 of several.
        counter &+= 1
        let slot = Int(counter % UInt32(slots.count))
        if case .ready = slots[slot] { return [.give(ticket: ticket, slot: slot)] }
        waiting.append((ticket, slot))
        return goOn(at: now)
    }

    /// The process that is started listens.
    mutating func started(at now: UInt64) -> [Action] {
        guard let slot = current?.slot else { return [] }
        current = nil
        slots[slot] = .ready
        return give(slot) + goOn(at: now)
    }

    /// The start came to nothing, and nothing of it is left.
    mutating func failed(isLasting: Bool, at now: UInt64) -> [Action] {
        guard let (slot, attempt) = current else { return [] }
        guard !isStopping else {
            current = nil
            slots[slot] = .empty
            return stopNext()
        }
        if attempt < attempts, !isLasting {
            current = (slot, attempt + 1)
            return [.start(slot: slot, attempt: attempt + 1)]
        }
        current = nil
        slots[slot] = .empty
        return [.tellFailed(attempts: attempt)] + refuse(.startFailed) { $0 == slot } + goOn(at: now)
    }

    /// A process that listened does so no more.
    mutating func lost(_ slot: Int) {
        slots[slot] = .leaving
        rapidFails += 1
    }

    /// Nothing is left of a process that was lost or stopped.
    mutating func gone(_ slot: Int, at now: UInt64) -> [Action] {
        slots[slot] = .empty
        return isStopping ? stopNext() : goOn(at: now)
    }

    /// Ends one process after the other.
    mutating func stop() -> [Action] {
        guard !isStopping else { return [] }
        isStopping = true
        let refused = refuse(.stopping) { _ in true }
        return refused + stopNext()
    }

    private mutating func stopNext() -> [Action] {
        if let current { return [.stop(slot: current.slot)] }
        guard !slots.contains(where: { $0 == .leaving }) else { return [] }
        if let slot = slots.firstIndex(of: .ready) {
            slots[slot] = .leaving
            return [.stop(slot: slot)]
        }
        guard !isFinished else { return [] }
        isFinished = true
        return [.finish]
    }

    /// Starts what is waited for, where nothing is being started.
    private mutating func goOn(at now: UInt64) -> [Action] {
        guard current == nil, !isStopping else { return [] }
        // What still ends in a slot does not keep others from starting.
        guard let slot = waiting.first(where: { slots[$0.slot] == .empty })?.slot else { return [] }
        guard !exceedsRapidFails(at: now) else {
            let told = hasToldRapidFails
            hasToldRapidFails = true
            let isEmpty = slots.map { $0 == .empty }
            return (told ? [] : [.tellRapidFails]) + refuse(.rapidFails) { isEmpty[$0] }
        }
        slots[slot] = .starting
        current = (slot, 1)
        return [.start(slot: slot, attempt: 1)]
    }

    private mutating func exceedsRapidFails(at now: UInt64) -> Bool {
        if now >= windowStart + Self.window {
            rapidFails = 0
            windowStart = now
            hasToldRapidFails = false
        }
        return rapidFails > rapidFailLimit
    }

    private mutating func give(_ slot: Int) -> [Action] {
        take { $0 == slot }.map { .give(ticket: $0, slot: slot) }
    }

    private mutating func refuse(_ refusal: Refusal, where isMeant: (Int) -> Bool) -> [Action] {
        take(where: isMeant).map { .refuse(ticket: $0, refusal) }
    }

    private mutating func take(where isMeant: (Int) -> Bool) -> [UInt64] {
        let taken = waiting.filter { isMeant($0.slot) }.map(\.ticket)
        waiting.removeAll { isMeant($0.slot) }
        return taken
    }
}
