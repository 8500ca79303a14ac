import Configuration
import Pipeline
import Platform

/// What the compression modules of one worker share.
final class WorkerCompression {
    /// How many responses are compressed at once; further ones go out as they are. Each takes up to about 1 MB.
    static let maximumResponses = 256

    let services: any ModuleServices
    let processors: ProcessorUse
    private let clock: () -> Int64
    /// How many responses are compressed now.
    var responses = 0
    /// By what the section says of their folder; usually there is one.
    private var files: [Place: CompressedFiles] = [:]
    private var hasReported = false

    /// - Parameter clock: nanoseconds since 1970, the clock of the file system's stamps.
    init(
        _ services: any ModuleServices, clock: @escaping () -> Int64, processors: ProcessorUse = ProcessorUse()
    ) {
        self.services = services
        self.clock = clock
        self.processors = processors
    }

    /// The settings at a place; what of them means nothing here is reported once.
    func settings(_ configuration: PathConfiguration) throws(ConfigurationError) -> CompressionSettings {
        let settings = try CompressionSettings(try configuration.section(CompressionSettings.section))
        if !settings.unknownSchemes.isEmpty, !hasReported {
            hasReported = true
            let names = settings.unknownSchemes.map { "\"\($0)\"" }.joined(separator: ", ")
            services.report("No such compression scheme: \(names); there are gzip, deflate, br and zstd")
        }
        return settings
    }

    func files(_ settings: CompressionSettings) -> CompressedFiles {
        let place = Place(directory: settings.directory, limit: settings.diskLimit)
        if let known = files[place] { return known }
        let folder = CompressedFolder(Self.places(settings.directory), limit: settings.diskLimit)
        let made = CompressedFiles(services, folder, clock: clock)
        files[place] = made
        return made
    }

    private struct Place: Hashable {
        let directory: String?
        let limit: Int64?
    }

    /// Where compressed files may lie, best first: the pool's folder in the one that the configuration names, and one
    /// beside the pool's temporary files.
    private static func places(_ directory: String?) -> [String] {
        var places: [String] = []
        if let directory, let home = CurrentProcess.variable("HOME"), let pool = home.split(separator: "/").last {
            places.append("\(directory)/\(pool)")
        }
        if let temporary = CurrentProcess.variable("TMPDIR") { places.append("\(temporary)/compressed") }
        return places
    }
}
