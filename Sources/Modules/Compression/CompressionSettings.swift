import Compression
import Configuration
import HTTP1
import Pipeline
import Wire

/// What `system.webServer/httpCompression` says.
final class CompressionSettings {
    static let section = "system.webServer/httpCompression"

    /// One kind of compression, static or dynamic.
    struct Use {
        /// In the server's order, each with its level.
        let levels: [(coding: ContentCoding, level: Int)]
        let codings: [ContentCoding]
        let types: CompressibleTypes
        var gate: ProcessorGate

        init(_ levels: [(coding: ContentCoding, level: Int)], _ types: CompressibleTypes, _ gate: ProcessorGate) {
            self.levels = levels
            codings = levels.map(\.coding)
            self.types = types
            self.gate = gate
        }

        func level(of coding: ContentCoding) -> Int { levels.first { $0.coding == coding }?.level ?? 0 }
    }

    var forFiles: Use
    var forResponses: Use
    /// Smaller files are not compressed. Unit: bytes; IIS: 2700.
    let minimumFile: Int64
    /// Whether a file is compressed when it is first asked for, not only when it is asked for often.
    let ignoresHitFrequency: Bool
    /// How much a response takes in before what it comes to is given out. Unit: bytes; IIS: 65,536.
    let bufferLimit: Int
    /// Fields of compressed files in place of their own; nil for none.
    let cacheFields: (control: [UInt8], expires: [UInt8])?
    /// Schemes that are none of ours.
    let unknownSchemes: [String]
    /// Where compressed files are kept; nil where the server chooses.
    let directory: String?
    /// Unit: bytes; nil for no limit.
    let diskLimit: Int64?
    private let exceptHTTP10: Bool
    private let exceptProxies: Bool
    private let exceptRanges: Bool

    init(_ section: Element) throws(ConfigurationError) {
        var files: [(coding: ContentCoding, level: Int)] = []
        var responses: [(coding: ContentCoding, level: Int)] = []
        var unknown: [String] = []
        for scheme in section.items {
            let name = scheme.string("name")
            guard let coding = ContentCoding(Array(name.utf8).span) else {
                unknown.append(name)
                continue
            }
            if scheme.bool("doStaticCompression") {
                files.append((coding, Int(scheme.integer("staticCompressionLevel"))))
            }
            if scheme.bool("doDynamicCompression") {
                responses.append((coding, Int(scheme.integer("dynamicCompressionLevel"))))
            }
        }
        unknownSchemes = unknown
        forFiles = Use(
            files, CompressibleTypes(section.element("staticTypes")),
            ProcessorGate(
                closesAt: Int(section.integer("staticCompressionDisableCpuUsage")),
                opensBelow: Int(section.integer("staticCompressionEnableCpuUsage"))))
        forResponses = Use(
            responses, CompressibleTypes(section.element("dynamicTypes")),
            ProcessorGate(
                closesAt: Int(section.integer("dynamicCompressionDisableCpuUsage")),
                opensBelow: Int(section.integer("dynamicCompressionEnableCpuUsage"))))
        minimumFile = section.integer("minFileSizeForComp")
        ignoresHitFrequency = section.bool("staticCompressionIgnoreHitFrequency")
        bufferLimit = Int(section.integer("dynamicCompressionBufferLimit"))
        exceptHTTP10 = section.bool("noCompressionForHttp10")
        exceptProxies = section.bool("noCompressionForProxies")
        exceptRanges = section.bool("noCompressionForRange")
        let (control, expires) = (section.string("cacheControlHeader"), section.string("expiresHeader"))
        for (attribute, text) in [("cacheControlHeader", control), ("expiresHeader", expires)]
        where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw section.invalid(attribute)
        }
        cacheFields = section.bool("sendCacheHeaders") ? (Array(control.utf8), Array(expires.utf8)) : nil
        let isOwn = !section.source("directory").isBuiltIn && section.string("directory").hasPrefix("/")
        directory = isOwn ? section.string("directory") : nil
        diskLimit = section.bool("doDiskSpaceLimiting") ? section.integer("maxDiskSpaceUsage") << 20 : nil
    }

    /// Whether a request of this kind may be answered with compressed content at all.
    func allow(_ head: RequestHead) -> Bool {
        !(exceptHTTP10 && head.version == .http10) && !(exceptProxies && head.field("via") != nil)
            && !(exceptRanges && head.field("range") != nil)
    }
}

extension RequestHead {
    var acceptedCodings: AcceptedCodings {
        var accepted = AcceptedCodings()
        var next = field("accept-encoding")
        while let index = next {
            accepted.add(value(ofField: index))
            next = field("accept-encoding", from: index + 1)
        }
        return accepted
    }
}
