import ConfigurationStore
import Platform

/// How much of many bytes is done, on standard error for whoever watches at a terminal, once it takes longer than a second.
struct ByteProgress {
    /// Nanoseconds between two lines, and before the first.
    private static let pause: UInt64 = 200_000_000
    private static let patience: UInt64 = 1_000_000_000

    private let what: String
    private let total: Int64
    private let isWatched = StandardError.isTerminal
    private var done: Int64 = 0
    private var due = MonotonicClock.nanoseconds() + patience
    private var isShown = false

    init(_ what: String, of total: Int64) {
        self.what = what
        self.total = total
    }

    mutating func add(_ bytes: Int64) {
        done += bytes
        guard isWatched else { return }
        let now = MonotonicClock.nanoseconds()
        guard now >= due else { return }
        due = now + Self.pause
        isShown = true
        // Holes count where they are read, and not where room is measured.
        let line = "\r\(what) \(ContentRoom.size(done)) of \(ContentRoom.size(max(done, total)))\u{1B}[K"
        StandardError.write(Array(line.utf8))
    }

    /// Takes the line away.
    mutating func end() {
        guard isShown else { return }
        isShown = false
        StandardError.write(Array("\r\u{1B}[K".utf8))
    }
}

/// Why a command is not carried out.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
}
