internal import Configuration

/// An access log: a site's (`logFile`), or the one of all sites (`centralW3CLogFile`); reference §8.7.
public struct LogFile: Hashable, Sendable {
    public enum Period: String, Sendable {
        /// When `truncateSize` is reached.
        case maximumSize = "MaxSize"
        case daily = "Daily"
        case weekly = "Weekly"
        case monthly = "Monthly"
        case hourly = "Hourly"
    }

    public let enabled: Bool
    /// Whether it is the one of all sites.
    public let isCentral: Bool
    /// `W3C`, `NCSA`, `IIS` or `Custom`; W3C is what is written.
    public let format: String
    /// As the configuration says, which may be a folder of Windows; IIS: `%SystemDrive%\inetpub\logs\LogFiles`.
    public let directory: String
    public let period: Period
    /// Unit: bytes. IIS: 20 MB.
    public let truncateSize: Int64
    /// Whether a file's time ends at this machine's midnight instead of UTC's.
    public let localTimeRollover: Bool
    /// The bits of the W3C fields.
    public let fields: UInt32

    /// Windows's default folder, which stands for the instance's own.
    static let windowsDefault = "%SystemDrive%\\inetpub\\logs\\LogFiles"

    /// The folder, where it is one of this machine; nil for one of Windows or a relative one.
    public var folder: String? { directory.hasPrefix("/") ? directory : nil }

    init(_ element: Element, isCentral: Bool = false) {
        enabled = element.bool("enabled")
        self.isCentral = isCentral
        format = isCentral ? "W3C" : element.member("logFormat")
        directory = element.string("directory")
        // The schema knows no other members.
        period = Period(rawValue: element.member("period")) ?? .daily
        truncateSize = element.integer("truncateSize")
        localTimeRollover = element.bool("localTimeRollover")
        fields = element.flags("logExtFileFlags")
    }

    /// What of the element is not done, in words.
    static func shortcomings(of element: Element, _ log: LogFile) -> [String] {
        guard log.enabled else { return [] }
        var texts: [String] = []
        // A check without an instance knows no state folder.
        let isMeant = log.folder != nil || log.directory.hasPrefix("%HOSTELRY_")
        if !isMeant, log.directory.lowercased() != windowsDefault.lowercased() {
            texts.append(
                "The log folder '\(log.directory)' is not an absolute path; the log is written below %HOSTELRY_STATE%/logs"
            )
        }
        if log.format != "W3C" { texts.append("The log format \(log.format) is not written; W3C is") }
        if !log.isCentral, !element.element("customFields").items.isEmpty {
            texts.append("customFields of logFile is not written yet")
        }
        return texts
    }
}
