internal import HTTP1
internal import Wire

/// Which file a log's lines belong to, and until when.
struct LogSchedule {
    /// Since 1970, UTC.
    private typealias Seconds = Int64

    let period: LogSettings.Period
    /// How far a place's time is ahead of UTC at a moment; nil where days are UTC's. Unit: seconds.
    let zoneOffset: ((Int64) -> Int64)?
    /// Behind the name of a file and its number: `_x` where there are custom fields.
    var suffix = ""

    private static let day: Int64 = 86400

    /// The name of the file that is written at `seconds` since 1970, and when the next one begins. A log by size has the
    /// same name for ever: that of all its files, without their number.
    func file(at seconds: Int64) -> (name: LogFileRequest.Name, end: Int64) {
        guard period != .maximumSize else { return (.numbered(prefix: "u_extend", minimum: 1, suffix: suffix), .max) }
        let offset = zoneOffset?(seconds) ?? 0
        let local = seconds + offset
        let days = local / Self.day
        let date = HTTPDate.civil(days: days)
        var name = "u_ex\(Self.twoDigits(date.year % 100))\(Self.twoDigits(date.month))"
        let end: Int64
        switch period {
        case .hourly:
            name += "\(Self.twoDigits(date.day))\(Self.twoDigits(local % Self.day / 3600))"
            end = (local / 3600 + 1) * 3600
        case .weekly:
            // The weeks of a month are counted, a week begins on Sunday; day 0 was a Thursday.
            let weekday = (days + 4) % 7
            let firstWeekday = (weekday - (date.day - 1) % 7 + 7) % 7
            name += Self.twoDigits((date.day - 1 + firstWeekday) / 7 + 1)
            end = min(days + 7 - weekday, Self.nextMonth(days, date.day)) * Self.day
        case .monthly: end = Self.nextMonth(days, date.day) * Self.day
        case .daily, .maximumSize:
            name += Self.twoDigits(date.day)
            end = (days + 1) * Self.day
        }
        return (.exact(name + suffix + ".log"), end - offset)
    }

    private static func nextMonth(_ days: Int64, _ dayOfMonth: Int64) -> Int64 {
        // The 32nd day of a month lies in the next one, and so does its own first.
        let inNext = days - dayOfMonth + 32
        return inNext - HTTPDate.civil(days: inNext).day + 1
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
