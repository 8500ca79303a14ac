import HostModel
import Wire

/// The different logs of a model's sites, each once.
struct LogTable {
    private let central: LogFile?
    private var numbers: [LogFile: UInt32] = [:]
    private(set) var settings: [LogSettings]
    /// How many of `settings` were there from the beginning.
    private let known: Int

    /// `central` takes the place of every site's own; `settings` keep their numbers.
    init(central: LogFile?, settings: [LogSettings] = []) {
        self.central = central
        self.settings = settings
        known = settings.count
    }

    /// The number in `settings` of a site's log; nil where nothing is logged.
    mutating func number(of own: LogFile) -> UInt32? {
        let log = central ?? own
        guard log.isWritten else { return nil }
        if let number = numbers[log] { return number }
        let made = LogSettings(log)
        let number = settings[..<known].firstIndex(of: made) ?? settings.count
        if number == settings.count { settings.append(made) }
        numbers[log] = UInt32(number)
        return UInt32(number)
    }
}

extension LogSettings {
    fileprivate init(_ log: LogFile) {
        self.init(
            directory: log.directory, isCentral: log.isCentral, fields: Fields(rawValue: log.fields),
            period: Period(log.period), truncateSize: UInt64(clamping: log.truncateSize),
            rollsOverInLocalTime: log.localTimeRollover,
            customFields: log.customFields.map { field in
                CustomField(name: field.name, source: CustomField.Source(field.sourceType), sourceName: field.source)
            },
            maximumCustomLength: log.maxCustomFieldLength)
    }
}

extension LogSettings.CustomField.Source {
    fileprivate init(_ type: LogFile.CustomField.SourceType) {
        switch type {
        case .requestHeader: self = .requestHeader
        case .responseHeader: self = .responseHeader
        case .serverVariable: self = .serverVariable
        }
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
