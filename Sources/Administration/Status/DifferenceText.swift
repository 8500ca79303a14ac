import Events

/// A text as `diff -u` has it, for a person at a terminal: nothing in it steers that.
public struct DifferenceText {
    private let difference: String
    private let isColoured: Bool

    public init(_ difference: String, isColoured: Bool) {
        self.difference = difference
        self.isColoured = isColoured
    }

    public var text: String {
        var lines = difference.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            let colour = isColoured ? Self.colour(line) : nil
            // Tabs only move to the right.
            let shown = line.split(separator: "\t", omittingEmptySubsequences: false)
                .map { LineText.printable(String($0)) }.joined(separator: "\t")
            return (colour.map { "\u{1B}[\($0)m\(shown)\u{1B}[0m" } ?? shown) + "\n"
        }.joined()
    }

    /// ECMA-48's green for what comes, red for what goes, cyan for where.
    private static func colour(_ line: Substring) -> String? {
        if line.hasPrefix("@@") { return "36" }
        if line.hasPrefix("+++") || line.hasPrefix("---") { return "1" }
        if line.hasPrefix("+") { return "32" }
        return line.hasPrefix("-") ? "31" : nil
    }
}
