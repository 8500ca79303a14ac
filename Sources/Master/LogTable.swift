import HostModel
import Wire

/// The different logs of a model's sites, each once.
struct LogTable {
    private let central: LogFile?
    private var numbers: [LogFile: UInt32] = [:]
    private(set) var settings: [LogSettings] = []

    /// `central` takes the place of every site's own.
    init(central: LogFile?) { self.central = central }

    /// The number in `settings` of a site's log; nil where nothing is logged.
    mutating func number(of own: LogFile) -> UInt32? {
        let log = central ?? own
        guard log.isWritten else { return nil }
        if let number = numbers[log] { return number }
        let number = UInt32(settings.count)
        numbers[log] = number
        settings.append(LogSettings(log))
        return number
    }
}

extension LogSettings {
    fileprivate init(_ log: LogFile) {
        self.init(
            directory: log.directory, isCentral: log.isCentral, fields: Fields(rawValue: log.fields),
            period: Period(log.period), truncateSize: UInt64(clamping: log.truncateSize),
            rollsOverInLocalTime: log.localTimeRollover)
    }
}

extension LogSettings.Period {
    fileprivate init(_ period: LogFile.Period) {
        switch period {
        case .maximumSize: self = .maximumSize
        case .daily: self = .daily
        case .weekly: self = .weekly
        case .monthly: self = .monthly
        case .hourly: self = .hourly
        }
    }
}
