import AspNetCoreModule
import Configuration
import HTTP1
import HostModel
import Modules
import Pipeline
import Platform
import Wire

/// One request in the pipeline that a worker of its pool has.
struct PipelineRun {
    private let server: ServerConfiguration
    private let pool: ApplicationPool
    private let services = ExplanationServices()
    private let resolver: PathResolver
    private let definitions: [ModuleDefinition]

    init(_ server: ServerConfiguration, _ model: HostModel, _ pool: ApplicationPool) {
        self.server = server
        self.pool = pool
        let services = services
        let traits = WorkerTraits(pool)
        definitions =
            BuiltInModules.definitions(files: FileCache(), services: services, traits: traits)
            + BackendModule.definitions(nil)
        resolver = PathResolver(
            model: model, system: ConfigurationSystem(server: server, layout: model.layouts()),
            definitions: definitions, traits: traits, isTrial: true, report: services.report)
    }

    func perform(_ head: RequestHead, _ site: Site, _ explanation: inout Explanation) {
        let services = services
        let pipeline = RequestPipeline(resolver: resolver) { services.now }
        let record = RequestRecord()
        pipeline.observer = record
        let context = pipeline.begin(head, record)
        services.run { record.isOver }
        if !record.isOver { context?.clientGone() }
        describe(record, site, &explanation)
        explanation.warnings += services.reports
    }

    private func describe(_ record: RequestRecord, _ site: Site, _ explanation: inout Explanation) {
        if let resolution = record.resolution { describe(resolution, site, record, &explanation) }
        let entries = items("system.webServer/modules", record.resolution)
        let own = record.visits.first?.path ?? ""
        explanation.modules = record.visits.map { visit in
            .init(
                stage: visit.stage, name: visit.module, outcome: visit.outcome.rawValue,
                path: visit.path == own ? "" : visit.path,
                source: entries.first { $0.string("name") == visit.module }?.source.description ?? "")
        }
        explanation.handlers = record.handlers.map { path, handler in
            .init(handler.name, path == own ? "" : "of \(path)", [handler.source.description])
        }
        explanation.answer = answer(record)
        explanation.answer.entries = record.entries.map { .init($0.text, "", [$0.source.description]) }
        if record.failure?.refusal == .tooManySegments {
            explanation.answer.entries.append(
                .init(
                    "maxUrlSegments=\"\(site.limits.maxUrlSegments)\" of the site", "",
                    ["\(server.file.document.path):\(site.line.number)"]))
        }
    }

    private func describe(
        _ resolution: Resolution, _ site: Site, _ record: RequestRecord, _ explanation: inout Explanation
    ) {
        explanation.physicalPath = resolution.physicalPath?.text
        explanation.files =
            [server.builtIn?.document.path, server.file.document.path].compactMap(\.self)
            + (resolution.configuration?.files ?? [])
        let path = String(decoding: resolution.path, as: UTF8.self)
        let application = resolution.application
        let prefix = application.path == "/" ? "" : application.path
        let directory = application.virtualDirectories.filter {
            RequestExplainer.begins(path, with: Self.whole(prefix, $0.path))
        }.max { $0.path.utf8.count < $1.path.utf8.count }
        if let directory {
            explanation.virtualDirectory = .init(
                directory.path, directory.physicalPath, ["\(server.file.document.path):\(directory.line.number)"])
            warnAboutHidden(Self.whole(prefix, directory.path), directory.physicalPath, site, &explanation)
        }
        guard let place = resolution.physicalPath else {
            explanation.warnings.append("The path holds what must not reach the file system: no file is looked up")
            return
        }
        if (try? FileInformation.of(place)) == nil {
            explanation.warnings.append("There is no \(place.text), or this user may not look at it")
        }
        if let settings = resolution.settings {
            let method = Array(explanation.verb.utf8)
            explanation.passedOver = settings.passedOver(resolution.path, verb: method)
                .filter { passed in !record.handlers.contains { $0.handler === passed.handler } }
                .map { .init($0.handler.name, $0.reason, [$0.handler.source.description]) }
        }
    }

    /// A folder on disk that lies where a virtual directory or an application begins is never served there.
    private func warnAboutHidden(
        _ path: String, _ folder: String, _ site: Site, _ explanation: inout Explanation
    ) {
        guard path != "/",
            let root = site.applications.first(where: { $0.path == "/" })?
                .virtualDirectories.first(where: { $0.path == "/" })?.physicalPath
        else { return }
        let hidden = root + path
        guard hidden != folder, SystemPath(hidden.utf8).flatMap({ try? FileInformation.of($0) })?.kind == .directory
        else { return }
        explanation.warnings.append("What lies in \(hidden) is never served: \(path) is \(folder)")
    }

    private static func whole(_ application: String, _ directory: String) -> String {
        let path = directory == "/" ? application : application + directory
        return path.isEmpty ? "/" : path
    }

    // MARK: The answer

    private func answer(_ record: RequestRecord) -> Explanation.Answer {
        guard record.isOver else {
            return .init(text: "A module waits for something that does not happen here")
        }
        var answer = Explanation.Answer(status: record.status, subStatus: record.subStatus, text: "")
        if let failure = record.failure {
            answer.text = failure.refusal.text
            answer.detail = failure.configurationError?.description ?? failure.detail
            answer.module = failure.module
            answer.stage = failure.stage.name
        } else if let maker = record.maker {
            answer = .init(text: "The module makes the response; it is not called here", module: maker)
            answer.stage = Stage(.executeRequestHandler).name
        } else {
            let last = record.visits.last {
                $0.outcome != .went && $0.stage != Stage(.sendResponse).name
                    || $0.stage == Stage(.executeRequestHandler).name
            }
            answer.module = last?.module ?? ""
            answer.stage = last?.stage ?? ""
            answer.text = StatusReasons.reason(of: record.status)
        }
        let sections = definitions.first { $0.name == answer.module }?.sections ?? []
        answer.decidedBy = sections.compactMap { name in
            guard let section = try? record.resolution?.configuration?.section(name) else { return nil }
            return .init(name, "", section.sources.map(\.description))
        }
        return answer
    }

    private func items(_ section: String, _ resolution: Resolution?) -> [Element] {
        (try? resolution?.configuration?.section(section))?.items ?? []
    }
}
