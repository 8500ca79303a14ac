import Configuration
import Pipeline
import Platform
import Wire

/// Stands last in the handler of folders and lists what they hold, or says that their content is not listed: 403.14.
///
/// Sections: `system.webServer/directoryBrowse`; `requestFiltering`, since what it hides is not shown; `httpErrors`, which says
/// who is told more of a refusal (`ApplicationAdvice`). The folder is read on another thread (`ListingQueue`), and the page is
/// made while it is sent (`ListingSource`).
final class DirectoryListingModule: Module {
    static let section = "system.webServer/directoryBrowse"

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        let queue = ListingQueue(services)
        let advice = ApplicationAdvice(services)
        return ModuleDefinition(
            name: "DirectoryListingModule",
            sections: [section, RequestFilteringModule.section, CustomErrorModule.section]
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            let filter = ListingFilter(try configuration.section(RequestFilteringModule.section))
            return DirectoryListingModule(
                section.bool("enabled") ? ListingColumns(rawValue: section.flags("showFlags")) : nil, filter, queue,
                advice,
                ApplicationAdvice.Audience(try configuration.section(CustomErrorModule.section)))
        }
    }

    /// Nil where folders are not listed.
    private let columns: ListingColumns?
    private let filter: ListingFilter
    private let queue: ListingQueue
    private let advice: ApplicationAdvice
    private let audience: ApplicationAdvice.Audience

    init(
        _ columns: ListingColumns?, _ filter: ListingFilter, _ queue: ListingQueue, _ advice: ApplicationAdvice,
        _ audience: ApplicationAdvice.Audience
    ) {
        self.columns = columns
        self.filter = filter
        self.queue = queue
        self.advice = advice
        self.audience = audience
    }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.file?.kind == .directory else { return .continue }
        guard request.verb == .get || request.verb == .head else {
            request.response.headers.append("Allow", "GET, HEAD, OPTIONS, TRACE")
            return request.refuse(.methodNotAllowed)
        }
        guard let columns else {
            guard audience.includes(request), let folder = ApplicationAdvice.folder(of: request) else {
                return request.refuse(.directoryListingDenied)
            }
            return advice.refuse(request, folder: folder)
        }
        let resolution = request.resolution
        guard let folder = resolution.relativePath else { return request.refuse(.notFound) }
        let order = ListingOrder(request.head.query, columns)
        let task = ListingTask(
            root: resolution.root, folder: folder, mounts: resolution.mounts, filter: filter, order: order)
        queue.perform(task) { result in
            request.resume(Self.answer(request, result, ListingPage(resolution.path, columns, order)))
        }
        return .pending
    }

    private static func answer(
        _ request: RequestContext, _ result: Result<Listing, SystemError>, _ page: ListingPage
    ) -> NotificationStatus {
        switch result {
        case .failure(let error):
            switch error.reasonClass {
            case .missing: return request.refuse(.notFound)
            case .denied: return request.refuse(.notPermittedByAccessControl)
            case .other: return request.refuse(.internalError, error.description)
            }
        case .success(let listing):
            request.response.headers.append("Content-Type", "text/html; charset=utf-8")
            request.response.headers.append("Content-Security-Policy", ListingPage.policy)
            request.response.set(status: 200)
            request.response.body = .stream(ListingSource(page, listing))
            return .finishRequest
        }
    }
}
