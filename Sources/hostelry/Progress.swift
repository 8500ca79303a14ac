import Platform

/// A count on standard error, for whoever watches at a terminal; nothing elsewhere.
struct Progress {
    private let what: String
    private let isWatched = StandardError.isTerminal

    init(_ what: String) { self.what = what }

    func tell(_ done: Int, of count: Int) {
        guard isWatched, count >= 100, done % 50 == 0 else { return }
        StandardError.write(Array("\r\(what) \(done) of \(count)".utf8))
    }

    /// Where nobody knows how many there will be.
    func tell(_ done: Int) {
        guard isWatched, done >= 100, done % 50 == 0 else { return }
        StandardError.write(Array("\r\(what) \(done)".utf8))
    }

    /// Takes the line away.
    func end() {
        guard isWatched else { return }
        StandardError.write(Array("\r\u{1B}[K".utf8))
    }
}
