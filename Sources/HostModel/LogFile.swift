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

    /// A field of the log that the administrator chose.
    public struct CustomField: Hashable, Sendable {
        public enum SourceType: String, Sendable {
            case requestHeader = "RequestHeader"
            case responseHeader = "ResponseHeader"
            case serverVariable = "ServerVariable"
        }

        /// In the log.
        public let name: String
        /// The name of the header or the variable.
        public let source: String
        public let sourceType: SourceType
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
    /// Bits: 1 file, 2 event tracing.
    public let targets: UInt32
    public let logSiteId: Bool
    /// 0: by size and time.
    public let flushByEntryCount: UInt32
    /// Bytes.
    public let maxLogLineLength: UInt32
    /// Bytes.
    public let maxCustomFieldLength: UInt32
    public let customFields: [CustomField]

    /// The names of the server variables that the log shows, which workers tell.
    public var serverVariables: [String] {
        guard isWritten else { return [] }
        return customFields.filter { $0.sourceType == .serverVariable }.map(\.source)
    }

    /// Whether a file is written at all.
    public var isWritten: Bool { enabled && targets & 1 != 0 }

    /// Windows's default folder, which stands for the instance's own.
    static let windowsDefault = "%SystemDrive%\\inetpub\\logs\\LogFiles"

    /// The folder, where it is one of this machine; nil for one of Windows or a relative one.
    public var folder: String? { directory.hasPrefix("/") ? directory : nil }

    /// A site's `logFile`.
    init(_ element: Element) {
        self.init(
            element, isCentral: false, format: element.member("logFormat"), targets: element.flags("logTargetW3C"),
            logSiteId: element.bool("logSiteId"), flushByEntryCount: element.unsigned("flushByEntryCountW3CLog"),
            maxLogLineLength: element.unsigned("maxLogLineLength"), customFields: element.element("customFields"))
    }

    /// `centralW3CLogFile`, which has fewer settings.
    init(central element: Element) {
        self.init(
            element, isCentral: true, format: "W3C", targets: 1, logSiteId: true, flushByEntryCount: 0,
            maxLogLineLength: 65536, customFields: nil)
    }

    private init(
        _ element: Element, isCentral: Bool, format: String, targets: UInt32, logSiteId: Bool,
        flushByEntryCount: UInt32, maxLogLineLength: UInt32, customFields: Element?
    ) {
        enabled = element.bool("enabled")
        self.isCentral = isCentral
        self.format = format
        directory = element.string("directory")
        // The schema knows no other members.
        period = Period(rawValue: element.member("period")) ?? .daily
        truncateSize = element.integer("truncateSize")
        localTimeRollover = element.bool("localTimeRollover")
        fields = element.flags("logExtFileFlags")
        self.targets = targets
        self.logSiteId = logSiteId
        self.flushByEntryCount = flushByEntryCount
        self.maxLogLineLength = maxLogLineLength
        maxCustomFieldLength = customFields?.unsigned("maxCustomFieldLength") ?? 0
        self.customFields =
            customFields?.items.map { field in
                CustomField(
                    name: field.string("logFieldName"), source: field.string("sourceName"),
                    // The schema knows no other members.
                    sourceType: .init(rawValue: field.member("sourceType")) ?? .requestHeader)
            } ?? []
    }

    /// What is not done, in words.
    var shortcomings: [String] {
        guard isWritten else { return [] }
        var texts: [String] = []
        // A check without an instance knows no state folder.
        let isMeant = folder != nil || directory.hasPrefix("%HOSTELRY_")
        if !isMeant, directory.lowercased() != Self.windowsDefault.lowercased() {
            texts.append(
                "The log folder '\(directory)' is not an absolute path; the log is written below %HOSTELRY_STATE%/logs")
        }
        if format != "W3C" { texts.append("The log format \(format) is not written; W3C is") }
        return texts
    }
}
