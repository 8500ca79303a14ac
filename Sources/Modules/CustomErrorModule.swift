import Configuration
import Pipeline
import Wire

/// Gives a refused request its page: with the server's insides for those who may read them, plain for all others.
///
/// Section: `system.webServer/httpErrors` (`errorMode`). Stage: SendResponse. A response that has a body keeps it.
final class CustomErrorModule: Module {
    static let section = "system.webServer/httpErrors"

    enum Mode: String {
        case detailedLocalOnly = "DetailedLocalOnly"
        case custom = "Custom"
        case detailed = "Detailed"
    }

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "CustomErrorModule", sections: [section], stages: .on(.sendResponse)) {
            configuration throws(ConfigurationError) in
            CustomErrorModule(Mode(rawValue: try configuration.section(section).member("errorMode")) ?? .custom)
        }
    }

    private let mode: Mode

    init(_ mode: Mode) { self.mode = mode }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard case .none = request.response.body, request.response.status >= 400, let failure = request.failure else {
            return .continue
        }
        let isDetailed =
            switch mode {
            case .detailed: true
            case .detailedLocalOnly: request.isLocal
            case .custom: false
            }
        request.response.headers.append("Content-Type", "text/html; charset=utf-8")
        request.response.body = .bytes(ErrorPage(failure, request, isDetailed: isDetailed).html)
        return .continue
    }
}
