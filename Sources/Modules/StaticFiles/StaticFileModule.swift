import Configuration
import HTTP1
import Pipeline
import Platform
import Wire

/// Sends a file as it is, whole or in parts.
///
/// Sections: `system.webServer/staticContent` (MIME types, `clientCache`, footers), `system.webServer/caching`
/// (`KernelCachePolicy`). Stage: as part of the handler `StaticFile`. Only extensions with a MIME type are sent (404.3),
/// only for GET and HEAD (405). Conditions and ranges follow RFC 9110.
final class StaticFileModule: Module {
    static let section = "system.webServer/staticContent"

    static func definition(_ files: FileCache, _ services: any ModuleServices) -> ModuleDefinition {
        ModuleDefinition(name: "StaticFileModule", sections: [section, CachingProfiles.section]) {
            configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            return StaticFileModule(
                MIMEMap(section), try ClientCache(section.element("clientCache")),
                try DocumentFooter(section, files, services),
                KernelCachePolicy(try configuration.section(CachingProfiles.section)), files, services)
        }
    }

    private let types: MIMEMap
    private let clientCache: ClientCache
    private let footer: DocumentFooter?
    private let kernelCache: KernelCachePolicy
    private let files: FileCache
    private let services: any ModuleServices

    init(
        _ types: MIMEMap, _ clientCache: ClientCache, _ footer: DocumentFooter?, _ kernelCache: KernelCachePolicy,
        _ files: FileCache, _ services: any ModuleServices
    ) {
        self.types = types
        self.clientCache = clientCache
        self.footer = footer
        self.kernelCache = kernelCache
        self.files = files
        self.services = services
    }

    /// Conditions and ranges are the router's to look at.
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
        let resolution = request.resolution
        guard let path = resolution.physicalPath, let relative = resolution.relativePath else {
            return request.refuse(.notFound)
        }
        let known = files.known(path, information.stamp).flatMap { mustOpen($0, request) ? nil : $0 }
        if let known, answerAgain(request, known) { return .continue }
        let urlPath = resolution.path
        guard let type = types.type(of: urlPath.span) else { return request.refuse(.noMIMEMap) }
        if let known { return append(request, known, type) }
        do throws(SystemError) {
            let place = FilePlace(relative, beneath: resolution.root, information.stamp, isRemote: resolution.isRemote)
            let file = try files.file(path, place, services) { [self] outcome in
                goOn(request, outcome, type)
            }
            return file.map { append(request, $0, type) } ?? .pending
        } catch {
            return request.refuse(Self.refusal(error))
        }
    }

    /// Whether the file is to be opened before anything is said about it.
    private func mustOpen(_ file: CachedFile, _ request: RequestContext) -> Bool {
        guard case .place(let place) = file.content, request.verb == .get else { return false }
        return !request.isKept(place.stamp)
    }

    /// Answers a plain request for a file that this module has sent before; false where there is more to it.
    private func answerAgain(_ request: RequestContext, _ file: CachedFile) -> Bool {
        guard let described = file.described, described.by === self, ConditionFields(request.head).isEmpty else {
            return false
        }
        request.response.headers.append(contentsOf: described.fields)
        request.response.set(status: 200)
        request.response.body = FileContent(file: file, footer: []).body(0..<file.length, sending(request))
        request.response.shown = ShownFile(request.resolution, file.stamp)
        allowCaching(request, file)
        return true
    }

    /// A file is there that had to be waited for.
    private func goOn(_ request: RequestContext, _ outcome: FileCache.Outcome, _ type: [UInt8]) {
        let status: NotificationStatus
        do throws(SystemError) {
            status = append(request, try outcome.get(), type)
        } catch {
            status = request.refuse(Self.refusal(error))
        }
        if status != .pending { request.resume(status) }
    }

    /// Finds what belongs behind the file, and answers.
    private func append(_ request: RequestContext, _ file: CachedFile, _ type: [UInt8]) -> NotificationStatus {
        guard let footer, footer.concerns(type) else { return answer(request, file, nil, type) }
        let finding = footer.find { [self] text in request.resume(answer(request, file, text, type)) }
        return if case .ready(let text) = finding { answer(request, file, text, type) } else { .pending }
    }

    private func answer(
        _ request: RequestContext, _ file: CachedFile, _ footer: DocumentFooter.Text?, _ type: [UInt8]
    ) -> NotificationStatus {
        let conditions = ConditionFields(request.head)
        let tag =
            clientCache.setsEntityTag ? footer.map { EntityTag.of(file.stamp, with: $0) } ?? file.tag : nil
        let modified = Self.modified(file, footer)
        let condition = Preconditions.evaluate(conditions, request.head, tag: tag, modified: modified)
        if case .failed = condition { return request.refuse(.preconditionFailed) }
        if case .notModified = condition {
            describe(request, file, tag, modified)
            request.response.set(status: 304)
            if footer == nil { request.response.shown = ShownFile(request.resolution, file.stamp, type: type) }
            return .continue
        }
        let content = FileContent(file: file, footer: footer?.bytes ?? [])
        let ranges = ranges(request, conditions, content, tag, modified)
        switch ranges {
        case .unsatisfiable:
            let range = Array("bytes */\(content.length)".utf8)
            request.response.headers.append("Content-Range", range.span)
            return request.refuse(.rangeNotSatisfiable)
        case .parts(let parts):
            describe(request, file, tag, modified)
            send(parts, of: content, type, request)
        case .whole:
            let others = request.response.headers.count
            request.response.headers.append("Content-Type", type.span)
            describe(request, file, tag, modified)
            request.response.set(status: 200)
            request.response.body = content.body(0..<content.length, sending(request))
            guard footer == nil else { break }
            request.response.shown = ShownFile(request.resolution, file.stamp)
            guard file.isRemembered else { break }
            if self.footer == nil { file.described = (self, request.response.headers.dropFirst(others)) }
            allowCaching(request, file)
        }
        return .continue
    }

    /// The last change of all that is sent; nil where nobody knows it.
    private static func modified(_ file: CachedFile, _ footer: DocumentFooter.Text?) -> Int64? {
        guard let footer else { return file.modifiedSeconds }
        return footer.modified.map { max($0, file.modifiedSeconds) }
    }

    /// What is sent of a file in whatever way it is sent.
    private func describe(_ request: RequestContext, _ file: CachedFile, _ tag: [UInt8]?, _ modified: Int64?) {
        if modified == file.modifiedSeconds {
            let modified = file.modified
            request.response.headers.append("Last-Modified", modified.span)
        } else if let modified {
            let date = HTTPDate.bytes(seconds: modified)
            request.response.headers.append("Last-Modified", date.span)
        }
        request.response.headers.append("Accept-Ranges", "bytes")
        if let tag { request.response.headers.append("ETag", tag.span) }
        clientCache.append(to: &request.response.headers)
    }

    /// Which parts the client asks for. Only GET has parts (RFC 9110, 14.2).
    private func ranges(
        _ request: RequestContext, _ conditions: ConditionFields, _ content: FileContent, _ tag: [UInt8]?,
        _ modified: Int64?
    ) -> ByteRanges {
        guard request.verb == .get, case .one(let index) = conditions.range else { return .whole }
        let strong = modified.flatMap { files.isStrong(modified: $0) ? $0 : nil }
        guard conditions.allowRange(request.head, tag: tag, modified: strong) else { return .whole }
        let head = request.head
        return ByteRanges(head.value(ofField: index), length: content.length)
    }

    private func send(
        _ parts: [Range<Int64>], of content: FileContent, _ type: [UInt8], _ request: RequestContext
    ) {
        request.response.set(status: 206)
        if parts.count == 1 {
            let range = content.contentRange(parts[0])
            request.response.headers.append("Content-Type", type.span)
            request.response.headers.append("Content-Range", range.span)
            request.response.body = content.body(parts[0], sending(request))
        } else {
            // Nobody who makes files can know it beforehand. As many digits each time, so that answers to the same
            // question are equally long.
            let boundary = Array(String(UInt64.random(in: 1 << 63 ... .max), radix: 36).utf8)
            let type2 = Array("multipart/byteranges; boundary=".utf8) + boundary
            request.response.headers.append("Content-Type", type2.span)
            request.response.body = content.body(parts, type: type, boundary: boundary, sending(request))
        }
    }

    private func sending(_ request: RequestContext) -> FileSending { FileSending(services: services, request: request) }

    /// Lets the router keep the response of a file that is asked for often.
    private func allowCaching(_ request: RequestContext, _ file: CachedFile) {
        let path = request.resolution.path
        guard case .memory = file.content, request.isOwnURL,
            let seconds = kernelCache.seconds(path.span, size: file.length),
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
