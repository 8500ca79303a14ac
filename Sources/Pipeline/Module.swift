public import Configuration

/// A module as it serves a directory: what its sections say there, ready for requests.
///
/// An instance is made once and used by all requests of all directories where its sections say the same, on one event
/// loop's thread; so it must not depend on anything of the configuration but the sections that its definition names.
public protocol Module: AnyObject {
    /// Handles one of the stages that the module's definition subscribes to, or `executeRequestHandler` when the
    /// request's handler names the module. A module of a handler that has set the response's status answers `continue`
    /// where the later stages shall see it (the output cache does); the handler's other modules are then left out.
    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus
    /// The stages, of those that its definition subscribes to, at which this instance is called; nil for all of them.
    var stages: StageSet? { get }
    /// Whether what the module does about a request with no body and no query follows from its URL alone, for GET and
    /// HEAD alike, so that the router may answer for it from its cache. False unless a module says otherwise.
    var treatsEveryoneAlike: Bool { get }
}

extension Module {
    public var stages: StageSet? { nil }
    public var treatsEveryoneAlike: Bool { false }
}

/// A module as it is compiled in: its name, its stages and how instances are made.
///
///     static func definition() -> ModuleDefinition {
///         ModuleDefinition(name: "DefaultDocumentModule", sections: ["system.webServer/defaultDocument"]) {
///             configuration throws(ConfigurationError) in try DefaultDocumentModule(configuration)
///         }
///     }
public struct ModuleDefinition {
    /// Which module of a stage comes first, before the order of `<modules>` decides (IIS's `PRIORITY_ALIAS_…`).
    public enum Priority: Int, Comparable, Sendable {
        case first, high, medium, low, last

        public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
    }

    /// The name in `<globalModules>`, `<modules>` and the `modules` of handlers.
    public let name: String
    /// Another name under which handlers know it, where no module of that name is enabled; nil for none.
    public let alias: String?
    /// The sections it reads and enforces.
    public let sections: [String]
    public let stages: StageSet
    public let priority: Priority
    /// The same at SendResponse.
    public let sendingPriority: Priority
    /// What it wants to hear of the worker, where `<globalModules>` names the module.
    public let global: GlobalSubscription?
    /// Makes the instance of a directory, or `nil` when its sections leave the module nothing to do there.
    public let make: (PathConfiguration) throws(ConfigurationError) -> (any Module)?

    public init(
        name: String, alias: String? = nil, sections: [String], stages: StageSet = [], priority: Priority = .medium,
        sendingPriority: Priority? = nil, global: GlobalSubscription? = nil,
        make: @escaping (PathConfiguration) throws(ConfigurationError) -> (any Module)?
    ) {
        self.name = name
        self.alias = alias
        self.sections = sections
        self.stages = stages
        self.priority = priority
        self.sendingPriority = sendingPriority ?? priority
        self.global = global
        self.make = make
    }
}
