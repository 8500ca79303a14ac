internal import Wire

/// What a log's files are like: what stands at their beginning, how they are named, and when a new one begins.
struct LogFormat: Equatable, Sendable {
    let settings: LogSettings
    /// `#Software`'s value.
    let software: StaticString
    /// The names of the fields, separated by blanks.
    let fieldNames: [UInt8]
    let custom: CustomColumns
    /// Nil for an access log, whose settings say it.
    let numberedPrefix: String?

    static func == (one: LogFormat, other: LogFormat) -> Bool {
        one.settings == other.settings && one.numberedPrefix == other.numberedPrefix
    }

    /// An access log in the W3C format.
    init(_ settings: LogSettings) {
        self.settings = settings
        software = "Microsoft Internet Information Services 10.0"
        let names = W3CLine.names.filter { settings.fields.contains($0.field) }.map(\.name)
        var fieldNames = Array(names.joined(separator: " ").utf8)
        for field in settings.customFields {
            if !fieldNames.isEmpty { fieldNames.append(UInt8(ascii: " ")) }
            fieldNames.append(logged: Array(field.name.utf8).span)
        }
        self.fieldNames = fieldNames
        custom = CustomColumns(settings)
        numberedPrefix = nil
    }

    /// The error log: files of 1 MB, numbered.
    static let errors = LogFormat(
        LogSettings(directory: "", fields: [], period: .maximumSize, truncateSize: 1 << 20),
        software: "Microsoft HTTP API 2.0", fieldNames: ErrorLine.names, numberedPrefix: "httperr")

    private init(_ settings: LogSettings, software: StaticString, fieldNames: String, numberedPrefix: String) {
        self.settings = settings
        self.software = software
        self.fieldNames = Array(fieldNames.utf8)
        custom = CustomColumns(settings)
        self.numberedPrefix = numberedPrefix
    }

    /// Whether a file of one can be continued with the other.
    func sharesFiles(with other: LogFormat) -> Bool {
        settings.directory == other.settings.directory && settings.period == other.settings.period
            && settings.rollsOverInLocalTime == other.settings.rollsOverInLocalTime
            && settings.isCentral == other.settings.isCentral && custom.isEmpty == other.custom.isEmpty
    }

    /// Whether lines of one cannot stand below the header of the other.
    func hasOtherFields(than other: LogFormat) -> Bool { fieldNames != other.fieldNames }

    /// Appends the lines that stand before others of this format.
    func appendHeader(_ clock: LogClock, to output: inout [UInt8]) {
        output.append(copying: "#Software: ")
        output.append(copying: software)
        output.append(copying: "\n#Version: 1.0\n#Date: ")
        output.append(contentsOf: clock.date)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: clock.time)
        output.append(copying: "\n#Fields: ")
        output.append(contentsOf: fieldNames)
        output.append(UInt8(ascii: "\n"))
    }
}
