import Configuration
import Pipeline
import Platform

/// Stands last in the handler of folders and says that their content is not listed: 403.14.
///
/// Section: `system.webServer/directoryBrowse`. A folder that is to be listed is refused too: listings are not made
/// yet, and the page names the section.
final class DirectoryListingModule: Module {
    static let section = "system.webServer/directoryBrowse"

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "DirectoryListingModule", sections: [section]) {
            configuration throws(ConfigurationError) in
            DirectoryListingModule(isEnabled: try configuration.section(section).bool("enabled"))
        }
    }

    private let isEnabled: Bool

    init(isEnabled: Bool) { self.isEnabled = isEnabled }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.file?.kind == .directory else { return .continue }
        guard request.verb == .get || request.verb == .head else { return request.refuse(.methodNotAllowed) }
        return request.refuse(
            .directoryListingDenied,
            isEnabled ? "Section \(Self.section) asks for a listing, which is not made yet" : "")
    }
}
