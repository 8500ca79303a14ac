/// Two texts as `diff -u` shows them: what differs, with three lines around it.
public enum UnifiedDifference {
    private static let context = 3
    /// Texts that differ in more lines than these are shown as one replaced by the other.
    private static let limit = 4000

    /// Empty where both are the same.
    public static func text(from old: [UInt8], _ oldTitle: String, to new: [UInt8], _ newTitle: String) -> String {
        let before = lines(old)
        let after = lines(new)
        var start = 0
        while start < min(before.count, after.count), before[start] == after[start] { start += 1 }
        var end = 0
        while end < min(before.count, after.count) - start,
            before[before.count - 1 - end] == after[after.count - 1 - end]
        {
            end += 1
        }
        let (oldMiddle, newMiddle) = (before[start..<before.count - end], after[start..<after.count - end])
        guard !oldMiddle.isEmpty || !newMiddle.isEmpty else { return "" }
        // What is there of both texts, by steps: ' ' in both, '-' only in the old one, '+' only in the new one.
        var steps: [(sign: Character, line: Substring)] = before[max(0, start - context)..<start].map { (" ", $0) }
        steps += middle(Array(oldMiddle), Array(newMiddle))
        steps += after[(after.count - end)..<min(after.count, after.count - end + context)].map { (" ", $0) }
        return "--- \(oldTitle)\n+++ \(newTitle)\n" + hunks(steps, from: max(0, start - context))
    }

    private static func lines(_ text: [UInt8]) -> [Substring] {
        var lines = String(decoding: text, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func middle(_ old: [Substring], _ new: [Substring]) -> [(sign: Character, line: Substring)] {
        guard old.count + new.count <= limit else { return old.map { ("-", $0) } + new.map { ("+", $0) } }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var steps: [(sign: Character, line: Substring)] = []
        var (one, other) = (0, 0)
        while one < old.count || other < new.count {
            if one < old.count, removed.contains(one) {
                steps.append(("-", old[one]))
                one += 1
            } else if other < new.count, inserted.contains(other) {
                steps.append(("+", new[other]))
                other += 1
            } else {
                steps.append((" ", new[other]))
                one += 1
                other += 1
            }
        }
        return steps
    }

    private static func hunks(_ steps: [(sign: Character, line: Substring)], from line: Int) -> String {
        var text = ""
        var (old, new) = (line, line)
        var place = 0
        while place < steps.count {
            guard let first = steps[place...].firstIndex(where: { $0.sign != " " }) else { break }
            let begin = max(place, first - context)
            old += begin - place
            new += begin - place
            var last = first
            while let next = steps[(last + 1)...].firstIndex(where: { $0.sign != " " }), next - last <= 2 * context {
                last = next
            }
            let hunk = steps[begin..<min(steps.count, last + 1 + context)]
            let (before, after) = (hunk.count { $0.sign != "+" }, hunk.count { $0.sign != "-" })
            text += "@@ -\(old + (before > 0 ? 1 : 0)),\(before) +\(new + (after > 0 ? 1 : 0)),\(after) @@\n"
            for step in hunk { text += "\(step.sign)\(step.line)\n" }
            old += before
            new += after
            place = hunk.endIndex
        }
        return text
    }
}
