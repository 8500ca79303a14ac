import Configuration
import Pipeline
import Platform
import Wire

/// Sends a file as it is.
///
/// Sections: `system.webServer/staticContent` (MIME types, `clientCache`), `system.webServer/caching` (`OutputCache`). Stage: as part of the handler `StaticFile`.
/// Only extensions with a MIME type are sent (404.3), only for GET and HEAD (405). Conditions follow RFC 9110. Footers
/// (`enableDocFooter`) and ranges are not there: files are sent whole, without `Accept-Ranges`.
final class StaticFileModule: Module {
    static let section = "system.webServer/staticContent"

    static func definition(_ files: FileCache) -> ModuleDefinition {
        ModuleDefinition(name: "StaticFileModule", sections: [section, OutputCache.section]) {
            configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            return StaticFileModule(
                MIMEMap(section), try ClientCache(section.element("clientCache")),
                OutputCache(try configuration.section(OutputCache.section)), files)
        }
    }

    private let types: MIMEMap
    private let clientCache: ClientCache
    private let outputCache: OutputCache
    private let files: FileCache

    init(_ types: MIMEMap, _ clientCache: ClientCache, _ outputCache: OutputCache, _ files: FileCache) {
        self.types = types
        self.clientCache = clientCache
        self.outputCache = outputCache
        self.files = files
    }

    /// Conditions are the router's to look at.
    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard let information = request.file else { return request.refuse(.notFound) }
        switch information.kind {
        case .directory: return .continue
        case .other: return request.refuse(.notFound)
        case .regular: break
        }
        guard request.verb == .get || request.verb == .head else {
            request.response.headers.append("Allow", "GET, HEAD, OPTIONS, TRACE")
            return request.refuse(.methodNotAllowed)
        }
        let path = request.resolution.path
        guard let type = types.type(of: path.span) else { return request.refuse(.noMIMEMap) }
        do throws(SystemError) {
            let file = try files.file(request.resolution, information)
            return answer(request, file, type)
        } catch {
            return request.refuse(Self.refusal(error))
        }
    }

    private func answer(_ request: RequestContext, _ file: CachedFile, _ type: [UInt8]) -> NotificationStatus {
        let condition = Preconditions.evaluate(
            request.head, tag: clientCache.setsEntityTag ? file.tag : nil, modified: file.modifiedSeconds)
        if case .failed = condition { return request.refuse(.preconditionFailed) }
        let (modified, tag) = (file.modified, file.tag)
        request.response.headers.append("Last-Modified", modified.span)
        if clientCache.setsEntityTag { request.response.headers.append("ETag", tag.span) }
        clientCache.append(to: &request.response.headers)
        if case .notModified = condition {
            request.response.set(status: 304)
            return .finishRequest
        }
        request.response.headers.append("Content-Type", type.span)
        request.response.set(status: 200)
        request.response.body = file.body
        if file.isRemembered { allowCaching(request, file) }
        return .finishRequest
    }

    /// Lets the router keep the response of a file that is asked for often.
    private func allowCaching(_ request: RequestContext, _ file: CachedFile) {
        let path = request.resolution.path
        guard request.isOwnURL, let seconds = outputCache.seconds(path.span, size: file.stamp.size),
            let place = request.resolution.physicalPath
        else { return }
        let (threshold, period) = request.frequentHits
        guard files.countHit(file, threshold: threshold, within: period) else { return }
        request.response.cacheable = CacheableResponse(
            path: place, stamp: file.stamp, seconds: seconds, resolution: request.resolution)
    }

    /// What the client is told when a file that was there a moment ago cannot be opened.
    private static func refusal(_ error: SystemError) -> Refusal {
        switch error.reasonClass {
        case .missing: .notFound
        case .denied: .notPermittedByAccessControl
        case .other: .internalError
        }
    }
}
