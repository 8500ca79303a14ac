/// The text form of time spans: `[-][d.]hh:mm[:ss[.fraction]]`. Hours may pass a day: IIS writes a default as `29:00:00`.
enum TimeSpanText {
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        let negative = rest.first == "-"
        if negative { rest.removeFirst() }
        var fields = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2 || fields.count == 3 else { return nil }
        var days: Int64 = 0
        if let point = fields[0].firstIndex(of: ".") {
            guard let written = digits(fields[0][..<point], upTo: 10_675_199) else { return nil }
            days = written
            fields[0] = fields[0][fields[0].index(after: point)...]
        }
        var ticks: Int64 = 0
        if fields.count == 3, let point = fields[2].firstIndex(of: ".") {
            let fraction = fields[2][fields[2].index(after: point)...]
            guard fraction.count <= 7, let written = digits(fraction, upTo: 9_999_999) else { return nil }
            ticks = (0..<(7 - fraction.count)).reduce(written) { value, _ in value * 10 }
            fields[2] = fields[2][..<point]
        }
        guard let hours = digits(fields[0], upTo: 256_204_778), let minutes = digits(fields[1], upTo: 59),
            let seconds = fields.count == 3 ? digits(fields[2], upTo: 59) : 0
        else { return nil }
        let total = Duration.seconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds) + .nanoseconds(ticks * 100)
        return negative ? .zero - total : total
    }

    static func format(_ duration: Duration) -> String {
        let (wholeSeconds, attoseconds) = duration.components
        let negative = wholeSeconds < 0 || attoseconds < 0
        let seconds = abs(wholeSeconds)
        let ticks = abs(attoseconds) / 100_000_000_000
        var text = negative ? "-" : ""
        if seconds >= 86_400 { text += "\(seconds / 86_400)." }
        text += [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(twoDigits).joined(separator: ":")
        if ticks > 0 {
            let digits = String(ticks)
            text += "." + String(repeating: "0", count: 7 - digits.count) + digits
        }
        return text
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func digits(_ text: Substring, upTo limit: Int64) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int64(text), number <= limit
        else { return nil }
        return number
    }
}
