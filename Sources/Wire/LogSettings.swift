/// What an access log holds and when a new file begins (IIS: `logFile`).
public struct LogSettings: Hashable, Sendable {
    /// The fields of the W3C format; the bits are IIS's (`logExtFileFlags`).
    public struct Fields: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let date = Fields(rawValue: 1)
        public static let time = Fields(rawValue: 1 << 1)
        public static let clientIP = Fields(rawValue: 1 << 2)
        public static let userName = Fields(rawValue: 1 << 3)
        public static let siteName = Fields(rawValue: 1 << 4)
        public static let computerName = Fields(rawValue: 1 << 5)
        public static let serverIP = Fields(rawValue: 1 << 6)
        public static let method = Fields(rawValue: 1 << 7)
        public static let uriStem = Fields(rawValue: 1 << 8)
        public static let uriQuery = Fields(rawValue: 1 << 9)
        public static let httpStatus = Fields(rawValue: 1 << 10)
        public static let win32Status = Fields(rawValue: 1 << 11)
        public static let bytesSent = Fields(rawValue: 1 << 12)
        public static let bytesReceived = Fields(rawValue: 1 << 13)
        public static let timeTaken = Fields(rawValue: 1 << 14)
        public static let serverPort = Fields(rawValue: 1 << 15)
        public static let userAgent = Fields(rawValue: 1 << 16)
        public static let cookie = Fields(rawValue: 1 << 17)
        public static let referer = Fields(rawValue: 1 << 18)
        public static let protocolVersion = Fields(rawValue: 1 << 19)
        public static let host = Fields(rawValue: 1 << 20)
        public static let httpSubStatus = Fields(rawValue: 1 << 21)
    }

    /// When a new file begins. The numbers are IIS's.
    public enum Period: UInt8, Sendable {
        /// When `truncateSize` is reached.
        case maximumSize = 0
        case daily = 1
        case weekly = 2
        case monthly = 3
        case hourly = 4
    }

    /// A field that the administrator added (IIS: `customFields`).
    public struct CustomField: Hashable, Sendable {
        /// The numbers are IIS's.
        public enum Source: UInt8, Sendable {
            case requestHeader = 0
            case responseHeader = 1
            case serverVariable = 2
        }

        /// In `#Fields`.
        public var name: String
        public var source: Source
        /// Of the header or the variable, in any case of letters.
        public var sourceName: String

        public init(name: String, source: Source, sourceName: String) {
            self.name = name
            self.source = source
            self.sourceName = sourceName
        }

        /// What the values of all custom fields of a line take at most (IIS: 65,536). Unit: bytes.
        public static let maximumTotal = 65_536

        /// Cuts off what is longer than `limit` bytes, and a character that would be cut in two.
        public static func cut(_ value: inout [UInt8], to limit: Int) {
            guard value.count > limit else { return }
            var end = limit
            // A character of UTF-8 has three bytes at most behind its first.
            while end > max(0, limit - 3), value[end] & 0xc0 == 0x80 { end -= 1 }
            value.removeLast(value.count - (value[end] & 0xc0 == 0x80 ? limit : end))
        }
    }

    /// The folder above the log's own. The master opens the files; the router only sees that another is meant.
    public var directory: String
    /// All sites in one file.
    public var isCentral: Bool
    public var fields: Fields
    public var period: Period
    /// Unit: bytes. IIS: 20 MB.
    public var truncateSize: UInt64
    /// Whether a day begins at this machine's midnight, instead of UTC's.
    public var rollsOverInLocalTime: Bool
    /// Behind `fields`, in this order.
    public var customFields: [CustomField]
    /// How much of one custom field's value is written. Unit: bytes. IIS: 4096.
    public var maximumCustomLength: UInt32

    public init(
        directory: String, isCentral: Bool = false, fields: Fields, period: Period = .daily,
        truncateSize: UInt64 = 20_971_520, rollsOverInLocalTime: Bool = false, customFields: [CustomField] = [],
        maximumCustomLength: UInt32 = 4096
    ) {
        self.directory = directory
        self.isCentral = isCentral
        self.fields = fields
        self.period = period
        self.truncateSize = truncateSize
        self.rollsOverInLocalTime = rollsOverInLocalTime
        self.customFields = customFields
        self.maximumCustomLength = maximumCustomLength
    }

    func append(to output: inout [UInt8]) {
        output.append(counted: directory)
        output.append(isCentral ? 1 : 0)
        output.append(littleEndian: fields.rawValue)
        output.append(period.rawValue)
        output.append(littleEndian: truncateSize)
        output.append(rollsOverInLocalTime ? 1 : 0)
        output.append(array: customFields) { output, field in
            output.append(counted: field.name)
            output.append(field.source.rawValue)
            output.append(counted: field.sourceName)
        }
        output.append(littleEndian: maximumCustomLength)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        directory = try reader.string()
        isCentral = try reader.boolean()
        fields = Fields(rawValue: try reader.integer())
        guard let period = Period(rawValue: try reader.integer()) else { throw WireError(.invalid, reader.subject) }
        self.period = period
        truncateSize = try reader.integer()
        rollsOverInLocalTime = try reader.boolean()
        customFields = try reader.array { (reader) throws(WireError) in
            let name = try reader.string()
            guard let source = CustomField.Source(rawValue: try reader.integer()) else {
                throw WireError(.invalid, reader.subject)
            }
            return CustomField(name: name, source: source, sourceName: try reader.string())
        }
        maximumCustomLength = try reader.integer()
    }
}
