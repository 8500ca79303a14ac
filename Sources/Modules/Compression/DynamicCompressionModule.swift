import Configuration
import HTTP1
import Pipeline
import Wire

/// Compresses responses while they are sent, all but those that show a file.
///
/// Sections: `system.webServer/httpCompression`, `system.webServer/urlCompression` (`doDynamicCompression`). Stage:
/// SendResponse, behind all other modules. What has a `Content-Encoding` already, is a part (206) or forbids it
/// (`Cache-Control: no-transform`) goes out as it is. The length is not known beforehand; HEAD gets the fields that GET
/// would get.
final class DynamicCompressionModule: Module {
    /// A shorter body would hardly become smaller. Unit: bytes.
    private static let minimumBody = 150

    static func definition(_ compression: WorkerCompression) -> ModuleDefinition {
        ModuleDefinition(
            name: "DynamicCompressionModule",
            sections: [CompressionSettings.section, StaticCompressionModule.section],
            stages: .on(.sendResponse), priority: .last
        ) { configuration throws(ConfigurationError) in
            guard try configuration.section(StaticCompressionModule.section).bool("doDynamicCompression") else {
                return nil
            }
            let settings = try compression.settings(configuration)
            guard !settings.forResponses.codings.isEmpty else { return nil }
            return DynamicCompressionModule(settings, compression)
        }
    }

    private let settings: CompressionSettings
    private let compression: WorkerCompression

    init(_ settings: CompressionSettings, _ compression: WorkerCompression) {
        self.settings = settings
        self.compression = compression
    }

    /// The response says that it varies, and one that is compressed here is not kept.
    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard isCompressible(request.response) else { return .continue }
        let source: CompressedBody.Source
        switch request.response.body {
        case .bytes(let bytes) where bytes.count >= Self.minimumBody: source = .bytes(bytes)
        case .stream(let stream): source = .stream(stream)
        default: return .continue
        }
        request.response.varyByAcceptEncoding()
        guard settings.allow(request.head), compression.responses < WorkerCompression.maximumResponses,
            let coding = request.head.acceptedCodings.best(of: settings.forResponses.codings),
            settings.forResponses.gate.isOpen(at: compression.processors.percent(now: compression.services.now))
        else { return .continue }
        let plan = CompressedBody.Plan(
            coding: coding, level: settings.forResponses.level(of: coding), bufferLimit: settings.bufferLimit)
        request.response.becomeCompressed(coding)
        request.response.cacheable = nil
        request.response.body = .stream(CompressedBody(source, plan, request, compression))
        return .continue
    }

    private func isCompressible(_ response: Response) -> Bool {
        guard response.shown == nil, response.status >= 200, ![204, 206, 304].contains(response.status) else {
            return false
        }
        var (isOfType, position) = (false, 0)
        while let field = response.headers.next(&position) {
            switch field.name.count {
            case 12 where field.name.equalsIgnoringCase("content-type"):
                isOfType = settings.forResponses.types.contain([UInt8](copying: field.value))
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
