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

    public init(
        directory: String, isCentral: Bool = false, fields: Fields, period: Period = .daily,
        truncateSize: UInt64 = 20_971_520, rollsOverInLocalTime: Bool = false
    ) {
        self.directory = directory
        self.isCentral = isCentral
        self.fields = fields
        self.period = period
        self.truncateSize = truncateSize
        self.rollsOverInLocalTime = rollsOverInLocalTime
    }

    func append(to output: inout [UInt8]) {
        output.append(counted: directory)
        output.append(isCentral ? 1 : 0)
        output.append(littleEndian: fields.rawValue)
        output.append(period.rawValue)
        output.append(littleEndian: truncateSize)
        output.append(rollsOverInLocalTime ? 1 : 0)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        directory = try reader.string()
        isCentral = try reader.boolean()
        fields = Fields(rawValue: try reader.integer())
        guard let period = Period(rawValue: try reader.integer()) else { throw WireError(.invalid, reader.subject) }
        self.period = period
        truncateSize = try reader.integer()
        rollsOverInLocalTime = try reader.boolean()
    }
}
