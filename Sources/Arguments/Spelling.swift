/// Guesses what a mistyped word was meant to be.
public enum Spelling {
    /// That nothing has a name, what was meant perhaps, and the command that lists what there is. For example
    /// `there is no site "blgo"; did you mean "blog"? 'hostelry site list' shows all`.
    public static func missing(
        _ kind: String, _ name: String, among known: [String], listedBy command: String? = nil
    ) -> String {
        let list = command.map { "'\($0)' shows all" }
        let guess = nearest(to: name, in: known).map { "did you mean \"\($0)\"?" }
        let rest = guess.map { guess in guess + (list.map { " \($0)" } ?? "") } ?? list
        return "there is no \(kind) \"\(name)\"" + (rest.map { "; \($0)" } ?? "")
    }

    /// The known word that takes the fewest slips, at most one for each three letters (and one at least); nil where
    /// none is that near.
    static func nearest(to word: String, in known: [String]) -> String? {
        let best = known.map { (word: $0, slips: slips(Array(word), Array($0))) }.min { $0.slips < $1.slips }
        guard let best, best.slips <= max(1, best.word.count / 3) else { return nil }
        return best.word
    }

    /// How many letters were added, left out, changed or swapped with their neighbour (optimal string alignment).
    static func slips(_ one: [Character], _ other: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...other.count)
        for row in one.indices {
            var current = [row + 1]
            for column in other.indices {
                let changed = previous[column] + (one[row] == other[column] ? 0 : 1)
                var best = min(changed, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[other.count]
    }
}
