/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), always 29 bytes.
public enum HTTPDate {
    /// `seconds` since 1970 in UTC, in the years 1970 to 9999.
    public static func bytes(seconds: Int64) -> [UInt8] {
        let days = seconds / 86400
        let time = seconds % 86400
        let (year, month, day) = civil(days: days)
        let weekday = Int((days + 4) % 7)
        var text = Array(names("SunMonTueWedThuFriSat", weekday))
        text += ", ".utf8
        append(day, digits: 2, to: &text)
        text += " ".utf8
        text += names("JanFebMarAprMayJunJulAugSepOctNovDec", Int(month) - 1)
        text += " ".utf8
        append(year, digits: 4, to: &text)
        for (part, separator) in [(time / 3600, " "), (time / 60 % 60, ":"), (time % 60, ":")] {
            text += separator.utf8
            append(part, digits: 2, to: &text)
        }
        text += " GMT".utf8
        return text
    }

    private static func names(_ all: String, _ index: Int) -> ArraySlice<UInt8> {
        Array(all.utf8)[(index * 3)..<(index * 3 + 3)]
    }

    private static func append(_ number: Int64, digits: Int, to text: inout [UInt8]) {
        var divisor: Int64 = digits == 2 ? 10 : 1000
        while divisor > 0 {
            text.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// The Gregorian date of a day since 1970, counted in eras of 400 years that begin on 1 March.
    public static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
