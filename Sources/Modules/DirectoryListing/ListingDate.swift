import HTTP1

/// When a file was changed, as a listing shows it. UTC, as the server's other dates.
struct ListingDate {
    private let year: Int64
    private let month: Int64
    private let day: Int64
    private let hour: Int64
    private let minute: Int64
    private let weekday: Int64

    /// - Parameter seconds: since 1970; years behind 9999 count as that one's end.
    init(seconds: Int64) {
        let seconds = min(max(0, seconds), 253_402_300_799)
        let days = seconds / 86_400
        (year, month, day) = HTTPDate.civil(days: days)
        (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60)
        weekday = (days + 4) % 7
    }

    func text(_ columns: ListingColumns) -> String {
        var parts: [String] = []
        if columns.contains(.longDate) {
            let date = "\(Self.weekdays[Int(weekday)]), \(Self.months[Int(month) - 1]) \(day), \(year)"
            parts.append("<span class=\"long\">\(date)</span>")
        } else if columns.contains(.date) {
            parts.append("<span>\(short)</span>")
        }
        if columns.contains(.time) { parts.append("<span>\(time)</span>") }
        return parts.joined(separator: " ")
    }

    /// For programs: as much as `text` tells.
    func machineText(_ columns: ListingColumns) -> String {
        guard columns.contains(.time) else { return short }
        return columns.isDisjoint(with: [.date, .longDate]) ? time : "\(short)T\(time)Z"
    }

    private var short: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }
    private var time: String { "\(Self.padded(hour, 2)):\(Self.padded(minute, 2))" }

    private static func padded(_ number: Int64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    private static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
