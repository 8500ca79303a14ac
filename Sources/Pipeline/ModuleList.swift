import Configuration

/// The enabled modules of one directory, put in the order in which a request meets them.
///
/// Sections: `system.webServer/globalModules` (what the server has) and `system.webServer/modules` (what is on, in
/// order). A module takes part when both name it, their pre-conditions hold and it is compiled in. One that is only for
/// managed handlers takes part where `runAllManagedModulesForAllRequests` says that all do.
final class ModuleList {
    enum Action {
        case module
        /// The server's own work behind this stage: nobody passes whom no module took in.
        case requireUser
        /// The server's own work at this stage: choosing the handler.
        case mapHandler
        /// The server's own work at this stage: the chosen handler's modules, one after the other.
        case executeHandler
    }

    /// Its parts lie apart, so that looking at one holds on to nothing else.
    struct Step {
        let stage: Stage
        let action: Action
        /// Of `Action.module`.
        let name: String
        let module: (any Module)?

        /// The server's own.
        init(_ stage: Stage, _ action: Action) {
            self.stage = stage
            self.action = action
            name = Failure.core
            module = nil
        }

        init(_ stage: Stage, _ name: String, _ module: any Module) {
            self.stage = stage
            action = .module
            self.name = name
            self.module = module
        }
    }

    /// What a handler's `modules` can name here.
    enum Availability {
        case enabled((any Module)?)
        /// Compiled in, but `<globalModules>` or `<modules>` does not have it for this request's handler, or not compiled
        /// in at all.
        case missing
    }

    /// In order: Begin … UpdateRequestCache with the server's own steps, then LogRequest and EndRequest.
    let steps: [Step]
    /// Where LogRequest begins: a request that is finished goes on there.
    let closing: Int
    /// The modules that see the response leave.
    let sending: [Step]
    /// Names that some file's `<modules>` states and that no compiled-in module of `<globalModules>` bears, in order. They
    /// are reported, and do nothing; names that only the program's own list states are not among them.
    let unknown: [String]
    /// Whether no module of the stages looks at more of a request than its URL.
    let treatEveryoneAlike: Bool
    private let enabled: [String: (any Module)?]

    init(
        _ configuration: PathConfiguration, definitions: [String: ModuleDefinition], traits: WorkerTraits
    ) throws(ConfigurationError) {
        let global = Set(
            try configuration.section("system.webServer/globalModules").items
                .filter { traits.satisfy($0.string("preCondition")) }.map { $0.string("name") })
        var enabled: [String: (any Module)?] = [:]
        var unknown: [String] = []
        var candidates: [(definition: ModuleDefinition, module: any Module)] = []
        let section = try configuration.section("system.webServer/modules")
        let allAreForAll = section.bool("runAllManagedModulesForAllRequests")
        for entry in section.items {
            let name = entry.string("name")
            let preCondition = entry.string("preCondition")
            guard traits.satisfy(preCondition) else { continue }
            guard let definition = definitions[name], global.contains(name), entry.string("type").isEmpty else {
                if !entry.source.isBuiltIn { unknown.append(name) }
                continue
            }
            guard allAreForAll || !WorkerTraits.wantsManagedHandler(preCondition) else { continue }
            let module = try definition.make(configuration)
            enabled[name] = .some(module)
            if let alias = definition.alias, enabled[alias] == nil { enabled[alias] = .some(module) }
            if let module { candidates.append((definition, module)) }
        }
        var steps: [Step] = []
        for notification in Notification.allCases where notification != .sendResponse {
            for stage in [Stage(notification), Stage(notification, isPost: true)] {
                steps += Self.steps(of: stage, candidates)
                if stage == Stage(.authenticateRequest) { steps.append(Step(stage, .requireUser)) }
                if stage == Stage(.mapRequestHandler) { steps.append(Step(stage, .mapHandler)) }
                if stage == Stage(.executeRequestHandler) { steps.append(Step(stage, .executeHandler)) }
            }
        }
        self.steps = steps
        closing = steps.firstIndex { $0.stage >= Stage(.logRequest) } ?? steps.count
        sending = Self.steps(of: Stage(.sendResponse), candidates)
        treatEveryoneAlike = candidates.allSatisfy {
            $0.definition.stages.isEmpty || $0.module.treatsEveryoneAlike
        }
        self.enabled = enabled
        self.unknown = unknown
    }

    func availability(_ name: String) -> Availability {
        enabled[name].map(Availability.enabled) ?? .missing
    }

    private static func steps(
        of stage: Stage, _ candidates: [(definition: ModuleDefinition, module: any Module)]
    ) -> [Step] {
        let subscribed = candidates.enumerated().filter {
            let own = $0.element.module.stages ?? $0.element.definition.stages
            return own.intersection($0.element.definition.stages).contains(StageSet(stage))
        }
        let isSending = stage.notification == .sendResponse
        func priority(_ definition: ModuleDefinition) -> ModuleDefinition.Priority {
            isSending ? definition.sendingPriority : definition.priority
        }
        // Stable: the order of `<modules>` decides between modules of equal priority.
        return subscribed.sorted {
            (priority($0.element.definition), $0.offset) < (priority($1.element.definition), $1.offset)
        }
        .map { Step(stage, $0.element.definition.name, $0.element.module) }
    }
}
