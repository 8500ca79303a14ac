import Pipeline
import Wire

/// Points in time as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Unit: seconds since 1970.
enum HTTPDate {
    /// Years 0 to 9999.
    static func format(_ seconds: Int64) -> [UInt8] {
        let days = seconds.floorDivided(by: 86400)
        let time = seconds - days * 86400
        let (year, month, day) = civil(days)
        // Day 0, the first of January 1970, was a Thursday.
        let weekday = weekdays[Int((days + 4) - (days + 4).floorDivided(by: 7) * 7)]
        let parts = [
            "\(weekday),", digits(day, 2), months[Int(month) - 1], digits(year, 4),
            "\(digits(time / 3600, 2)):\(digits(time / 60 % 60, 2)):\(digits(time % 60, 2))", "GMT",
        ]
        return Array(parts.joined(separator: " ").utf8)
    }

    /// Any of the three forms that a server must understand; `nil` for anything else.
    static func parse(_ text: Span<UInt8>) -> Int64? {
        let words = String(decoding: [UInt8](copying: text), as: UTF8.self).split(separator: " ").map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
            return seconds(year: number(words[3], 4), month: words[2], day: number(words[1], 2), time: words[4])
        case 5:  // Sun Nov  6 08:49:37 1994
            let day = words[2].count == 1 ? "0" + words[2] : words[2]
            return seconds(year: number(words[4], 4), month: words[1], day: number(day, 2), time: words[3])
        case 4 where words[3] == "GMT":  // Sunday, 06-Nov-94 08:49:37 GMT
            let date = words[1].split(separator: "-").map(String.init)
            guard date.count == 3, let year = number(date[2], 2) else { return nil }
            // Two digits mean this century unless that lies far ahead; 1970 is the pivot of every server.
            return seconds(
                year: year < 70 ? 2000 + year : 1900 + year, month: date[1], day: number(date[0], 2), time: words[2])
        default: return nil
        }
    }

    private static func seconds(year: Int64?, month: String, day: Int64?, time: String) -> Int64? {
        let clock = time.split(separator: ":").map { number(String($0), 2) }
        guard let year, let day, let month = months.firstIndex(of: month), clock.count == 3, let hour = clock[0],
            let minute = clock[1], let second = clock[2], 1...31 ~= day, hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = days(year, Int64(month) + 1, day)
        // A day that its month does not have comes back as another date.
        guard civil(days) == (year, Int64(month) + 1, day) else { return nil }
        return days * 86400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: String, _ length: Int) -> Int64? {
        text.utf8.count == length ? Array(text.utf8).span.decimal : nil
    }

    private static func digits(_ value: Int64, _ length: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, length - text.count)) + text
    }

    /// Year, month and day of a day since 1970, in eras of 400 years that begin in March.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719468
        let era = shifted.floorDivided(by: 146097)
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day since 1970 of a date.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
