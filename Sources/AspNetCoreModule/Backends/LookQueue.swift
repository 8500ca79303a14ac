/// Who waits to hear who listens: there is one look at a time, and whoever asks while it is under way has the next one, for
/// what it sees may be what was before.
struct LookQueue {
    private var current: [() -> Void]?
    private var next: [() -> Void]?

    /// - Parameter then: called when a look that begins from now on is over; nil where nobody waits for it.
    /// - Returns: whether a look is to begin.
    mutating func ask(_ then: (() -> Void)?) -> Bool {
        let asking = then.map { [$0] } ?? []
        guard current != nil else {
            current = asking
            return true
        }
        next = (next ?? []) + asking
        return false
    }

    var isLooking: Bool { current != nil }

    /// The look is over. The next is to begin where `isLooking` says so; `heard` are called when what was seen is dealt with.
    mutating func ended() -> [() -> Void] {
        let heard = current ?? []
        (current, next) = (next, nil)
        return heard
    }
}
