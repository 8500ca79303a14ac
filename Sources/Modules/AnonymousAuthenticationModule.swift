import Configuration
import Pipeline

/// Lets a client in that says nothing about who it is.
///
/// Section: `system.webServer/security/authentication/anonymousAuthentication`. Stage: AuthenticateRequest, last, so
/// that a scheme that recognises the client goes first. Where it is off nobody is let in without another scheme.
final class AnonymousAuthenticationModule: Module {
    static let section = "system.webServer/security/authentication/anonymousAuthentication"

    static var definition: ModuleDefinition {
        ModuleDefinition(
            name: "AnonymousAuthenticationModule", sections: [section], stages: .on(.authenticateRequest),
            priority: .last
        ) { configuration throws(ConfigurationError) in
            try configuration.section(section).bool("enabled") ? AnonymousAuthenticationModule() : nil
        }
    }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        if case .unknown = request.user { request.user = .anonymous }
        return .continue
    }
}
