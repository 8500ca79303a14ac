import Configuration
import Pipeline

/// Refuses what an application of ASP.NET asks for in `system.web` and would not get in integrated mode, as IIS's module
/// of that name does.
///
/// Section: `system.webServer/validation`. Stage: BeginRequest. Only in pools with a managed runtime in integrated mode:
/// elsewhere nothing of ASP.NET would run, or it would run as the application asks.
final class ConfigurationValidationModule: Module {
    static let section = "system.webServer/validation"

    static func definition(_ traits: WorkerTraits) -> ModuleDefinition {
        ModuleDefinition(
            name: "ConfigurationValidationModule", sections: [section] + IntegratedModeConflict.sections,
            stages: .on(.beginRequest)
        ) { configuration throws(ConfigurationError) in
            guard traits.runsManagedCode, !traits.isClassicMode else { return nil }
            return try IntegratedModeConflict.first(at: configuration).map(ConfigurationValidationModule.init)
        }
    }

    private let conflict: IntegratedModeConflict

    init(_ conflict: IntegratedModeConflict) { self.conflict = conflict }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        request.refuse(refusal, "\(conflict.text) (\(conflict.file), line \(conflict.line))")
    }

    private var refusal: Refusal {
        switch conflict.setting {
        case .httpModules: .httpModulesInIntegratedMode
        case .httpHandlers: .httpHandlersInIntegratedMode
        case .impersonation: .impersonationInIntegratedMode
        }
    }
}
