internal import HTTP1

/// The time of day as logs write it.
final class LogClock {
    private let wall: WallTime
    private(set) var seconds: Int64 = -1
    /// `2026-11-21`
    private(set) var date: [UInt8] = []
    /// `13:05:09`
    private(set) var time: [UInt8] = []

    init(_ wall: WallTime) { self.wall = wall }

    /// Brings `seconds`, `date` and `time` up to this turn.
    func update() {
        let current = wall.seconds
        guard current != seconds else { return }
        if seconds < 0 || current / 86400 != seconds / 86400 { date = Self.date(current) }
        seconds = current
        time.removeAll(keepingCapacity: true)
        time.append(twoDigits: current / 3600 % 24)
        time.append(UInt8(ascii: ":"))
        time.append(twoDigits: current / 60 % 60)
        time.append(UInt8(ascii: ":"))
        time.append(twoDigits: current % 60)
    }

    private static func date(_ seconds: Int64) -> [UInt8] {
        let (year, month, day) = HTTPDate.civil(days: seconds / 86400)
        var text: [UInt8] = []
        text.append(twoDigits: year / 100)
        text.append(twoDigits: year % 100)
        text.append(UInt8(ascii: "-"))
        text.append(twoDigits: month)
        text.append(UInt8(ascii: "-"))
        text.append(twoDigits: day)
        return text
    }
}
