/// One entry for the event log as the ASP.NET Core Module writes it: number, level and text are the module's own.
public struct ModuleEvent: Equatable, Sendable {
    public enum Level: UInt8, Sendable {
        case information, warning, error
    }

    /// 1000 to 1036.
    public let number: UInt16
    public let level: Level
    public let message: String
    /// The site that it is about; empty where it is about none.
    public let site: String
    /// The application's path in it, `/` for the root.
    public let application: String

    public init(_ number: UInt16, _ level: Level, _ message: String, site: String = "", application: String = "") {
        self.number = number
        self.level = level
        self.message = message
        self.site = site
        self.application = application
    }
}
