/// One entry for the event log as the ASP.NET Core Module writes it: number, level and text are the module's own. It comes
/// from a worker, which may run anybody's code: nothing of it is known to be so.
public struct ModuleNotice: Hashable, Sendable {
    /// The longest text: the 30,000 characters that are captured of a program, and what stands before them. Unit: UTF-8
    /// bytes.
    public static let textLimit = 132_000
    /// The longest name of a site, and path of an application. Unit: bytes.
    public static let nameLimit = 4096
    /// The largest one, as a message. Unit: bytes.
    static let maximumSize = textLimit + 2 * nameLimit + 16

    public enum Level: UInt8, Sendable {
        case information = 0
        case warning = 1
        case error = 2
    }

    /// The module's number, 1000 to 1036.
    public var number: UInt16
    public var level: Level
    public var text: String
    /// Empty where it is about none.
    public var site: String
    /// The application's path in the site.
    public var application: String

    /// A text that is too long is cut; names that are too long are left out.
    public init(_ number: UInt16, _ level: Level, _ text: String, site: String = "", application: String = "") {
        self.number = number
        self.level = level
        self.text = text.utf8.count <= Self.textLimit ? text : Self.cut(text, to: Self.textLimit)
        self.site = site.utf8.count <= Self.nameLimit ? site : ""
        self.application = application.utf8.count <= Self.nameLimit ? application : ""
    }

    /// How many bytes of names and texts it holds.
    public var size: Int { text.utf8.count + site.utf8.count + application.utf8.count }

    /// The same with a text of so many bytes at most, which says so.
    public func cut(to limit: Int) -> ModuleNotice {
        guard text.utf8.count > limit else { return self }
        var notice = self
        notice.text = Self.cut(text, to: limit)
        return notice
    }

    /// Whole characters, and an ellipsis.
    private static func cut(_ text: String, to limit: Int) -> String {
        let utf8 = text.utf8
        var end = utf8.index(utf8.startIndex, offsetBy: limit - 3)
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(text[..<end]) + "…"
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: number)
        output.append(level.rawValue)
        output.append(counted: text)
        output.append(counted: site)
        output.append(counted: application)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        number = try reader.integer()
        guard (1000...1036).contains(number), let level = Level(rawValue: try reader.integer()) else {
            throw WireError(.invalid, reader.subject)
        }
        self.level = level
        text = try reader.string()
        site = try reader.string()
        application = try reader.string()
        guard text.utf8.count <= Self.textLimit, site.utf8.count <= Self.nameLimit,
            application.utf8.count <= Self.nameLimit
        else { throw WireError(.tooLarge, reader.subject) }
    }
}
