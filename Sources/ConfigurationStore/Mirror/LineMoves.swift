/// How a table's lines change from one version to the next: an edit moves all that stands behind it by as much, so that a
/// few stretches of lines move as a whole, and the rest one by one.
struct LineMoves: Equatable {
    /// Lines from `first` to the next stretch's move by `offset`.
    struct Stretch: Equatable {
        var first: Int
        var offset: Int
        fileprivate var count = 0

        init(first: Int, offset: Int, count: Int = 0) {
            self.first = first
            self.offset = offset
            self.count = count
        }

        static func == (one: Stretch, other: Stretch) -> Bool { (one.first, one.offset) == (other.first, other.offset) }
    }

    struct Single: Equatable {
        let key: Int64
        let line: Int
    }

    /// In the order of the lines, `stretchLimit` at most. What stands before the first stays.
    private(set) var stretches: [Stretch] = []
    /// Where these are wrong about a row.
    private(set) var singles: [Single] = []

    static let stretchLimit = 8
    /// So few rows are not worth a statement for all of them.
    private static let fewRows = 64

    /// - Parameter rows: every row that the table has, with its line now and then.
    init(_ rows: [(key: Int64, old: Int, new: Int)]) {
        let moved = rows.reduce(0) { $0 + ($1.old == $1.new ? 0 : 1) }
        guard moved > 0 else { return }
        if moved > Self.fewRows { stretches = Self.stretches(rows) }
        for row in rows where row.old + offset(of: row.old) != row.new {
            singles.append(Single(key: row.key, line: row.new))
        }
    }

    /// By how much the stretches move a line.
    func offset(of line: Int) -> Int { stretches.last { $0.first <= line }?.offset ?? 0 }

    private static func stretches(_ rows: [(key: Int64, old: Int, new: Int)]) -> [Stretch] {
        var all: [Stretch] = []
        var last: Int?
        for row in rows.sorted(by: { $0.old < $1.old }) {
            let offset = row.new - row.old
            // Rows of one line move together or one by one.
            if let end = all.indices.last, all[end].offset == offset || last == row.old {
                all[end].count += 1
            } else {
                all.append(Stretch(first: row.old, offset: offset, count: 1))
            }
            last = row.old
        }
        // The longest ones; what stands in the others is put right one by one.
        if all.count > stretchLimit {
            let least = all.map(\.count).sorted(by: >)[stretchLimit - 1]
            all = Array(all.filter { $0.count >= least }.prefix(stretchLimit))
        }
        let start = all.firstIndex { $0.offset != 0 } ?? all.count
        return Array(all[start...])
    }
}
