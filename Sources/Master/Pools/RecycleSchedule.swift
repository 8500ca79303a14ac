/// Tells when one of the local times of day comes.
///
/// What the clock leaves out in spring is made up for at once; what it shows twice in autumn counts once.
struct RecycleSchedule: Equatable, Sendable {
    /// The furthest the local clock has come. Unit: seconds since 1970.
    private var mark: Int64?

    /// By how much a clock that goes back merely repeats itself; more, and somebody has set it. Unit: seconds.
    private static let longestRepetition: Int64 = 2 * 3600
    private static let day: Int64 = 86_400

    /// The local clock shows `local` seconds since 1970: whether one of `times` has come since it was last asked.
    mutating func isDue(_ times: [Duration], local: Int64) -> Bool {
        guard let last = mark, local >= last - Self.longestRepetition else {
            mark = local
            return false
        }
        guard local > last else { return false }
        mark = local
        return times.contains { time in
            let second = time.components.seconds
            // The last moment until now at which a clock shows that time of day.
            let latest = local - (local - second).remainder(Self.day)
            return latest > last
        }
    }
}

extension Int64 {
    /// Never negative.
    fileprivate func remainder(_ divisor: Int64) -> Int64 { ((self % divisor) + divisor) % divisor }
}
