public import Configuration

/// Which of the modules behind which programs stand a place's handlers name.
public struct BackendHandlers {
    /// Version 1 of the ASP.NET Core Module, which knew processes of their own alone.
    public static let firstVersion = "AspNetCoreModule"
    static let secondVersion = "AspNetCoreModuleV2"
    static let httpPlatform = "httpPlatformHandler"

    private let modules: Set<String>

    public init(_ configuration: PathConfiguration) throws(ConfigurationError) {
        modules = Set(try configuration.section("system.webServer/handlers").items.map { $0.string("modules") })
    }

    public var isFirstVersion: Bool { modules.contains(Self.firstVersion) }
    var hasCoreModule: Bool { isFirstVersion || modules.contains(Self.secondVersion) }
    var hasHTTPPlatform: Bool { modules.contains(Self.httpPlatform) }
}

/// What makes `system.webServer/aspNetCore` or `system.webServer/httpPlatform` senseless though its schema allows it. A worker
/// refuses to start such an application, `check` tells it beforehand.
public enum BackendSection {
    public struct Mistake: Error, Hashable, Sendable {
        public let attribute: String
        /// As event 1034 has it.
        public let text: String
    }

    /// Whether `hostingModel` asks for the worker process itself. Without one an application is a process of its own, as
    /// `httpPlatform` always makes it.
    public static func isInProcess(_ section: Element) throws(Mistake) -> Bool {
        guard section.schema.attribute("hostingModel") != nil else { return false }
        let model = section.string("hostingModel")
        switch model.lowercased() {
        case "", "outofprocess": return false
        case "inprocess": return true
        default:
            throw Mistake(
                attribute: "hostingModel",
                text: "Unknown hosting model '\(model)'. Please specify either hostingModel=\"inprocess\" or "
                    + "hostingModel=\"outofprocess\" in the web.config file.")
        }
    }

    /// A text attribute with its `%VAR%` untouched: what they stand for, the worker knows.
    public static func text(_ attribute: String, of section: Element) -> String {
        section.written(attribute)
            ?? section.schema.attribute(attribute).map { $0.text(of: $0.defaultValue) } ?? ""
    }

    /// The first mistake; nil for a section that an application can be started by.
    public static func mistake(in section: Element) -> Mistake? {
        do throws(Mistake) {
            for name in ["processPath", "stdoutLogFile"] where section.string(name).isEmpty {
                throw Mistake(attribute: name, text: "Attribute '\(name)' is required.")
            }
            _ = try isInProcess(section)
            try checkHandlerSettings(section)
            return nil
        } catch {
            return error
        }
    }

    /// The only key whose value can be wrong.
    private static func checkHandlerSettings(_ section: Element) throws(Mistake) {
        guard section.schema.element("handlerSettings") != nil else { return }
        let settings = section.element("handlerSettings").items
        let delay = settings.first { $0.string("name").lowercased() == "shutdowndelay" }
        if let delay { _ = try milliseconds(ofShutdownDelay: delay.string("value")) }
    }

    /// The number of `shutdownDelay`. Unit: milliseconds.
    public static func milliseconds(ofShutdownDelay text: String) throws(Mistake) -> Int {
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
            throw Mistake(
                attribute: "handlerSettings",
                text: "The value '\(text)' of 'shutdownDelay' is invalid; it is a number of milliseconds, 0 or more.")
        }
        return number
    }
}
