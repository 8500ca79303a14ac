/// Decides when the server's file is read again and when an error in it is told.
///
/// An editor writes in pieces, moves files to and fro, or empties a file before it fills it. So what is finished is read
/// at once and what is still being written a moment later; a file that cannot be read or makes no sense is read again
/// before anybody hears of it. Pure: what happens comes in, what is to be done goes out.
struct ConfigurationWatch {
    enum Happening: Equatable {
        /// The file has its new content.
        case settled
        /// Somebody is at it.
        case touched
        /// It is not there, perhaps only until the new one is moved to its place.
        case gone
        /// An administrator wants it read again, changed or not.
        case asked
        /// The time given by `wait` is over.
        case expired
        /// The reading ended: there is a version to serve from.
        case read
        /// The reading ended: there is none.
        case failed
    }

    enum Step: Equatable {
        /// Answered by `read` or `failed`. `isAsked`: what is read is applied even if it is what is served already.
        case read(isAsked: Bool)
        /// Answered by `expired`; takes the place of an earlier one. Unit: nanoseconds.
        case wait(UInt64)
        /// The error of the last reading is an error.
        case tell
    }

    private static let millisecond: UInt64 = 1_000_000
    /// How long nobody must have been at the file.
    static let quiet = 15 * millisecond
    /// After so long it is read whoever is still at it.
    static let longestQuiet = 200 * millisecond
    /// How long a file may be away.
    static let absence = 50 * millisecond
    /// The pauses before a file that cannot be read is read again.
    static let doubts = [30 * millisecond, 100 * millisecond, 300 * millisecond]

    private var due: UInt64?
    private var firstTouch: UInt64?
    private var isReading = false
    /// Whether somebody waits for the reading that is under way.
    private var isAwaited = false
    private var isAsked = false
    private var failures = 0

    /// `now` counts nanoseconds and never goes back.
    mutating func handle(_ happening: Happening, now: UInt64) -> Step? {
        switch happening {
        case .settled: return want(at: now, now)
        case .touched:
            let first = firstTouch ?? now
            firstTouch = first
            return want(at: min(now + Self.quiet, first + Self.longestQuiet), now)
        case .gone: return want(at: now + Self.absence, now)
        case .asked:
            isAsked = true
            return want(at: now, now)
        case .expired: return next(now)
        case .read:
            isReading = false
            failures = 0
            return next(now)
        case .failed: return failed(now)
        }
    }

    private mutating func want(at time: UInt64, _ now: UInt64) -> Step? {
        failures = 0
        // What is being written now is not what an earlier happening announced.
        due = time
        return next(now)
    }

    private mutating func next(_ now: UInt64) -> Step? {
        guard let due, !isReading else { return nil }
        guard due <= now else { return .wait(due - now) }
        self.due = nil
        firstTouch = nil
        isReading = true
        isAwaited = isAsked
        isAsked = false
        return .read(isAsked: isAwaited)
    }

    private mutating func failed(_ now: UInt64) -> Step? {
        isReading = false
        // Whoever waited for this reading waits for the next one.
        if isAwaited, due != nil || failures < Self.doubts.count { isAsked = true }
        if due != nil { return next(now) }
        guard failures < Self.doubts.count else { return .tell }
        due = now + Self.doubts[failures]
        failures += 1
        return next(now)
    }
}
