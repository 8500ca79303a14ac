/// Whether the wall clock goes as the monotonic one does. One that has leapt is not believed before it has kept its new time
/// for a day: what is years old by it may be of today.
struct SteadyClock {
    /// By so much they may part between two looks. Unit: nanoseconds.
    static let tolerance: Int64 = 3_600_000_000_000
    /// Unit: nanoseconds.
    static let trial: UInt64 = 86_400_000_000_000

    private struct Reading {
        let wall: Int64
        let monotonic: UInt64

        func agrees(with other: Reading) -> Bool {
            let passed = Int64(clamping: other.monotonic &- monotonic)
            let shown = other.wall.subtractingReportingOverflow(wall)
            guard !shown.overflow else { return false }
            let difference = shown.partialValue.subtractingReportingOverflow(passed)
            return !difference.overflow && difference.partialValue.magnitude <= SteadyClock.tolerance.magnitude
        }
    }

    /// The last one that was believed.
    private var believed: Reading?
    /// Where it has leapt: since when, and the last one.
    private var leapt: (since: UInt64, last: Reading)?

    /// A look at both. Unit: nanoseconds; the wall clock's since 1970.
    mutating func agrees(wall: Int64, monotonic: UInt64) -> Bool {
        let now = Reading(wall: wall, monotonic: monotonic)
        guard let believed, !believed.agrees(with: now) else {
            (self.believed, leapt) = (now, nil)
            return true
        }
        guard let leapt, leapt.last.agrees(with: now) else {
            self.leapt = (monotonic, now)
            return false
        }
        self.leapt?.last = now
        guard monotonic &- leapt.since >= Self.trial else { return false }
        (self.believed, self.leapt) = (now, nil)
        return true
    }
}
