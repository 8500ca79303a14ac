import Configuration
import HTTP1
import Pipeline
import Platform
import Wire

/// Sends files compressed: forms that it keeps, and where a directory allows it those that lie beside the files.
///
/// Sections: `system.webServer/httpCompression`, `system.webServer/urlCompression` (`doStaticCompression`,
/// `usePrecompressedFiles`). Stage: SendResponse, where the response shows a file whole (`Response.shown`). The tag of a
/// compressed form is the file's as a weak one. A client that takes no coding gets the file, and so does everybody until
/// the form is there; only then may the router keep what such a client gets.
final class StaticCompressionModule: Module {
    static let section = "system.webServer/urlCompression"

    static func definition(_ compression: WorkerCompression) -> ModuleDefinition {
        ModuleDefinition(
            name: "StaticCompressionModule", sections: [CompressionSettings.section, section],
            stages: .on(.sendResponse), priority: .low
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            guard section.bool("doStaticCompression") else { return nil }
            let settings = try compression.settings(configuration)
            let usesNeighbours = section.bool("usePrecompressedFiles")
            guard usesNeighbours || !settings.forFiles.codings.isEmpty else { return nil }
            return StaticCompressionModule(settings, usesNeighbours: usesNeighbours, compression)
        }
    }

    /// Names of compressed neighbours end with these, and in this order they are preferred.
    private static let neighbours: [(coding: ContentCoding, ending: [UInt8])] = [
        (.br, Array(".br".utf8)), (.zstd, Array(".zst".utf8)), (.gzip, Array(".gz".utf8)),
    ]

    private let settings: CompressionSettings
    private let usesNeighbours: Bool
    private let compression: WorkerCompression
    /// What was found out last: files of one kind are asked for one after the other.
    private var last: (type: [UInt8], isCompressible: Bool)?

    init(_ settings: CompressionSettings, usesNeighbours: Bool, _ compression: WorkerCompression) {
        self.settings = settings
        self.usesNeighbours = usesNeighbours
        self.compression = compression
    }

    /// The response says that it varies with `Accept-Encoding`, and the router reads that field as this module does.
    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard let shown = request.response.shown, request.response.status == 200 || request.response.status == 304
        else {
            return .continue
        }
        let isCompressible =
            !settings.forFiles.codings.isEmpty && shown.stamp.size >= max(1, settings.minimumFile)
            && hasCompressibleType(request.response, shown)
        guard isCompressible || usesNeighbours else { return .continue }
        request.response.varyByAcceptEncoding()
        guard settings.allow(request.head) else { return .continue }
        // Nobody watches the neighbours for the router.
        if usesNeighbours { request.response.cacheable = nil }
        let accepted = request.head.acceptedCodings
        let neighbour = usesNeighbours ? neighbour(of: shown, accepted) : nil
        let coding = isCompressible ? accepted.best(of: settings.forFiles.codings) : nil
        if request.response.status == 304 {
            // The client has a form of it, which bears the weak tag, or the file: both compare equal.
            if neighbour != nil || coding != nil { request.response.weakenTag() }
            return .continue
        }
        if let neighbour {
            return send(neighbour.source, neighbour.coding, frequency: nil, request)
        }
        guard let coding, let source = source(shown, coding) else { return .continue }
        return send(source, coding, frequency: frequency(request), request)
    }

    private func hasCompressibleType(_ response: Response, _ shown: ShownFile) -> Bool {
        if let type = shown.type {
            if let last, last.type == type { return last.isCompressible }
            let isCompressible = settings.forFiles.types.contain(type)
            last = (type, isCompressible)
            return isCompressible
        }
        guard let type = response.headers.value(of: "content-type") else { return false }
        return settings.forFiles.types.contain([UInt8](copying: type))
    }

    /// When a file is compressed; nil while the processors are too busy.
    private func frequency(_ request: RequestContext) -> CompressedFiles.Frequency? {
        let use = compression.processors.percent(now: compression.services.now)
        guard settings.forFiles.gate.isOpen(at: use) else { return nil }
        guard !settings.ignoresHitFrequency else { return CompressedFiles.Frequency(threshold: 1, period: 0) }
        let (threshold, period) = request.frequentHits
        return CompressedFiles.Frequency(threshold: threshold, period: period)
    }

    private func source(_ shown: ShownFile, _ coding: ContentCoding) -> CompressedFiles.Source? {
        guard let path = shown.resolution.physicalPath, let relative = shown.resolution.relativePath else { return nil }
        let key = CompressedFileKey(path: path, coding: coding, level: settings.forFiles.level(of: coding))
        return CompressedFiles.Source(key: key, stamp: shown.stamp, root: shown.resolution.root, relative: relative)
    }

    /// The compressed file beside a file that the client likes best. One that is older than the file is not its form.
    private func neighbour(
        of shown: ShownFile, _ accepted: AcceptedCodings
    ) -> (source: CompressedFiles.Source, coding: ContentCoding)? {
        guard let path = shown.resolution.physicalPath, let relative = shown.resolution.relativePath else { return nil }
        var left = Self.neighbours
        while let coding = accepted.best(of: left.map(\.coding)),
            let index = left.firstIndex(where: { $0.coding == coding })
        {
            let ending = left.remove(at: index).ending
            guard let beside = SystemPath(path.bytes + ending), let place = SystemPath(relative.bytes + ending),
                let found = try? FileInformation.of(beside), found.kind == .regular, found.stamp.size > 0,
                found.stamp.modified >= shown.stamp.modified
            else { continue }
            let key = CompressedFileKey(path: beside, coding: coding, level: -1)
            return (
                CompressedFiles.Source(key: key, stamp: found.stamp, root: shown.resolution.root, relative: place),
                coding
            )
        }
        return nil
    }

    private func send(
        _ source: CompressedFiles.Source, _ coding: ContentCoding, frequency: CompressedFiles.Frequency?,
        _ request: RequestContext
    ) -> NotificationStatus {
        let answer = compression.files(settings).find(source, frequency) { [self] answer in
            apply(answer, coding, request)
            request.resume(.continue)
        }
        guard let answer else { return .pending }
        apply(answer, coding, request)
        return .continue
    }

    private func apply(_ answer: CompressedFiles.Answer, _ coding: ContentCoding, _ request: RequestContext) {
        switch answer {
        case .memory(let bytes): request.response.body = .bytes(bytes)
        case .file(let body): request.response.body = .file(body)
        case .notYet:
            request.response.cacheable = nil
            return
        case .none: return
        }
        request.response.becomeCompressed(coding)
        guard let fields = settings.cacheFields else { return }
        request.response.headers.set("Cache-Control", to: fields.control)
        request.response.headers.set("Expires", to: fields.expires)
    }
}
