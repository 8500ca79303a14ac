/// Decides when a pool has taken more processor time than it may within an interval.
///
/// Intervals follow each other from the first sample on; in each one it is told at most once.
struct CPUWatch: Equatable {
    /// Nanoseconds of processor time within an interval.
    let allowance: UInt64
    /// Nanoseconds.
    let interval: UInt64

    private var begin: UInt64?
    private var used: UInt64 = 0
    private var last: UInt64 = 0
    private var isExceeded = false

    init(allowance: UInt64, interval: UInt64) {
        self.allowance = allowance
        self.interval = interval
    }

    /// Tells how much time the pool's processes have taken in all; less than before means that some of them are gone.
    /// Returns how long the interval goes on, in nanoseconds, when the pool has just gone over its limit.
    mutating func sample(_ total: UInt64, now: UInt64) -> UInt64? {
        guard let begin else {
            self.begin = now
            last = total
            return nil
        }
        used += total >= last ? total - last : total
        last = total
        if now - begin >= interval {
            // What was taken since the last sample counts for the interval in which it is seen.
            self.begin = begin + (now - begin) / interval * interval
            used = 0
            isExceeded = false
            return nil
        }
        guard used > allowance, !isExceeded else { return nil }
        isExceeded = true
        return begin + interval - now
    }
}
