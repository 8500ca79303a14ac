extension HTTPDate {
    /// The seconds since 1970 of any of the three forms that a server must understand (RFC 9110 §5.6.7); nil for
    /// anything else.
    public static func seconds(_ text: Span<UInt8>) -> Int64? {
        let words = words(text)
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
            return seconds(year: number(words[3], 4), month: words[2], day: number(words[1], 2), time: words[4])
        case 5:  // Sun Nov  6 08:49:37 1994
            let day = words[2].utf8.count == 1 ? number(words[2], 1) : number(words[2], 2)
            return seconds(year: number(words[4], 4), month: words[1], day: day, time: words[3])
        case 4 where words[3] == "GMT":  // Sunday, 06-Nov-94 08:49:37 GMT
            let date = words[1].split(separator: "-")
            guard date.count == 3, let year = number(date[2], 2) else { return nil }
            // No file that is asked about is older than 1970, so two digits below mean the next century.
            return seconds(
                year: year < 70 ? 2000 + year : 1900 + year, month: date[1], day: number(date[0], 2), time: words[2])
        default: return nil
        }
    }

    private static func words(_ text: Span<UInt8>) -> [Substring] {
        // The longest form has 33 bytes; a longer text is none.
        guard text.count <= 64 else { return [] }
        var bytes: [UInt8] = []
        for index in text.indices { bytes.append(text[index]) }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ")
    }

    private static func seconds(year: Int64?, month: Substring, day: Int64?, time: Substring) -> Int64? {
        let clock = time.split(separator: ":").map { number($0, 2) }
        guard let year, let day, let month = months.firstIndex(of: month), clock.count == 3, let hour = clock[0],
            let minute = clock[1], let second = clock[2], hour < 24, minute < 60, second <= 60,
            (1...length(ofMonth: month, year)).contains(day)
        else { return nil }
        return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring, _ length: Int) -> Int64? {
        guard text.utf8.count == length, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text)
    }

    private static func length(ofMonth month: Int, _ year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 1 && isLeap ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    }

    /// The day since 1970 of a Gregorian date, years counted from March so that the leap day is the last.
    private static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
        let shifted = month < 2 ? year - 1 : year
        let monthFromMarch = Int64((month + 10) % 12)
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 719_469
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
