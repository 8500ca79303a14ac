import Compression
import Configuration
import HTTP1
import Pipeline
import Wire

/// Compresses responses while they are sent, all but those that show a file.
///
/// Sections: `system.webServer/httpCompression`, `system.webServer/urlCompression` (`doDynamicCompression`,
/// `dynamicCompressionBeforeCache`). Stages: SendResponse, behind all other modules; where the output cache is to keep
/// compressed responses ReleaseRequestState as well, which comes before it. What has a `Content-Encoding` already, is a part (206) or forbids it
/// (`Cache-Control: no-transform`) goes out as it is. The length is not known beforehand; HEAD gets the fields that GET
/// would get.
final class DynamicCompressionModule: Module {
    /// A shorter body would hardly become smaller. Unit: bytes.
    private static let minimumBody = 150

    static func definition(_ compression: WorkerCompression) -> ModuleDefinition {
        ModuleDefinition(
            name: "DynamicCompressionModule",
            sections: [CompressionSettings.section, StaticCompressionModule.section],
            stages: .on(.releaseRequestState, .sendResponse), priority: .last
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(StaticCompressionModule.section)
            guard section.bool("doDynamicCompression") else { return nil }
            let settings = try compression.settings(configuration)
            guard !settings.forResponses.codings.isEmpty else { return nil }
            return DynamicCompressionModule(settings, compression, comesFirst: Self.comesBeforeCache(section))
        }
    }

    /// Whether the output cache keeps responses as they were sent to one client, which differ by what it accepts.
    static func comesBeforeCache(_ section: Element) -> Bool {
        section.bool("doDynamicCompression") && section.bool("dynamicCompressionBeforeCache")
    }

    /// More is compressed while it is sent, and kept by nobody. Unit: bytes.
    private static let maximumKept = 4 << 20

    /// Of the response before, which most have in common: its `Content-Type`, and whether that is compressed.
    private var known: (type: [UInt8], isCompressed: Bool)?
    private let settings: CompressionSettings
    private let compression: WorkerCompression
    let stages: StageSet?

    init(_ settings: CompressionSettings, _ compression: WorkerCompression, comesFirst: Bool) {
        self.settings = settings
        self.compression = compression
        stages = comesFirst ? nil : .on(.sendResponse)
    }

    /// The response says that it varies, and one that is compressed here is not kept.
    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        stage.notification == .sendResponse ? compress(request) : compressForCache(request)
    }

    private func compress(_ request: RequestContext) -> NotificationStatus {
        let source: CompressedBody.Source
        switch request.response.body {
        case .bytes(let bytes) where bytes.count >= Self.minimumBody: source = .bytes(bytes)
        case .stream(let stream): source = .stream(stream)
        default: return .continue
        }
        guard isCompressible(request.response) else { return .continue }
        request.response.varyByAcceptEncoding()
        guard let plan = plan(request) else { return .continue }
        request.response.becomeCompressed(plan.coding)
        request.response.cacheable = nil
        request.response.body = .stream(CompressedBody(source, plan, request, compression))
        return .continue
    }

    /// Compresses whole what the output cache has a part in.
    private func compressForCache(_ request: RequestContext) -> NotificationStatus {
        guard request.cacheTicket != nil, request.verb == .get, request.response.status == 200, request.failure == nil,
            request.response.cacheable == nil, case .bytes(let bytes) = request.response.body,
            Self.minimumBody...Self.maximumKept ~= bytes.count, isCompressible(request.response)
        else { return .continue }
        request.response.varyByAcceptEncoding()
        guard let plan = plan(request) else { return .continue }
        compression.responses += 1
        compression.services.perform {
            Self.compressed(bytes, plan)
        } then: { [compression] compressed in
            compression.responses -= 1
            if let compressed {
                request.response.becomeCompressed(plan.coding)
                request.response.body = .bytes(compressed)
            }
            request.resume(.continue)
        }
        return .pending
    }

    /// Nil where the response goes out as it is: for this client, or for now.
    private func plan(_ request: RequestContext) -> CompressedBody.Plan? {
        guard settings.allow(request.head), compression.responses < WorkerCompression.maximumResponses,
            let coding = request.head.acceptedCodings.best(of: settings.forResponses.codings),
            settings.forResponses.gate.isOpen(at: compression.processors.percent(now: compression.services.now))
        else { return nil }
        return CompressedBody.Plan(
            coding: coding, level: settings.forResponses.level(of: coding), bufferLimit: settings.bufferLimit)
    }

    private static func compressed(_ bytes: [UInt8], _ plan: CompressedBody.Plan) -> [UInt8]? {
        do throws(CompressionError) {
            var compressor = try Compressor(plan.coding, level: plan.level, size: Int64(bytes.count))
            var output: [UInt8] = []
            try compressor.compress(bytes.span, .finish, into: &output)
            return output
        } catch {
            return nil
        }
    }

    private func isCompressed(_ type: Span<UInt8>) -> Bool {
        if let known, known.type.span.equals(type) { return known.isCompressed }
        let copy = [UInt8](copying: type)
        let isCompressed = settings.forResponses.types.contain(copy)
        known = (copy, isCompressed)
        return isCompressed
    }

    private func isCompressible(_ response: Response) -> Bool {
        guard response.shown == nil else { return false }
        switch response.status {
        case ..<200, 204, 206, 304: return false
        default: break
        }
        var (isOfType, position) = (false, 0)
        while let field = response.headers.next(&position) {
            switch field.name.count {
            case 12 where field.name.equalsIgnoringCase("content-type"):
                isOfType = isCompressed(field.value)
            case 13 where field.name.equalsIgnoringCase("cache-control"):
                let word = Array("no-transform".utf8)
                if field.value.containsIgnoringCase(word.span) { return false }
            case 13 where field.name.equalsIgnoringCase("content-range"): return false
            case 16 where field.name.equalsIgnoringCase("content-encoding"): return false
            default: break
            }
        }
        return isOfType
    }
}
