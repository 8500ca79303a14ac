import Configuration
import Pipeline
import Platform
import Wire

/// Sends a file as it is.
///
/// Section: `system.webServer/staticContent` (MIME types, `clientCache`). Stage: as part of the handler `StaticFile`.
/// Only extensions with a MIME type are sent (404.3), only for GET and HEAD (405). Conditions follow RFC 9110. Footers
/// (`enableDocFooter`) and ranges are not there: files are sent whole, without `Accept-Ranges`.
final class StaticFileModule: Module {
    static let section = "system.webServer/staticContent"

    static func definition(_ files: FileCache) -> ModuleDefinition {
        ModuleDefinition(name: "StaticFileModule", sections: [section]) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            return StaticFileModule(
                MIMEMap(section), try ClientCache(section.element("clientCache")), files)
        }
    }

    private let types: MIMEMap
    private let clientCache: ClientCache
    private let files: FileCache

    init(_ types: MIMEMap, _ clientCache: ClientCache, _ files: FileCache) {
        self.types = types
        self.clientCache = clientCache
        self.files = files
    }

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
        return .finishRequest
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
