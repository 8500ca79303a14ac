import Configuration
import Platform
import Wire

/// What is to be looked at on disk before a path's meaning is known. All of it may wait: it can be done on any thread.
final class PathSurvey: Sendable {
    /// Where the path lies, as the folders spell it.
    struct Place: Sendable {
        /// Nil where the path's text must not reach the file system.
        let physicalPath: SystemPath?
        /// The part of `physicalPath` below `root`.
        let relativePath: SystemPath?
        let configurationPath: ConfigurationPath
    }

    struct Findings: Sendable {
        let place: Place
        /// What the path names; nil where it names nothing or must not be looked up.
        let file: FileInformation?
        /// Whether symbolic links on the way lead out of the virtual directory's folder, from where nothing is served.
        let leadsOut: Bool
        /// What holds there. Every section of it is read.
        let configuration: Result<PathConfiguration, ConfigurationError>
        /// Whether any later look may wait as well, whatever the kernel has in memory.
        let isRemote: Bool

        /// Whether the path names no folder.
        var isFile: Bool { file?.kind != .directory }
    }

    let site: UInt32
    /// The cooked URL path.
    let path: [UInt8]
    /// The folder of the virtual directory.
    let root: SystemPath
    /// Nil where names are told apart by the case of their letters.
    let spellings: FolderSpellings?
    private let siteName: String
    /// What of `path` names something below `root`; empty for the folder itself.
    private let name: [UInt8]
    /// `root` and what stands between it and `name`.
    private let folder: [UInt8]
    private let isSafe: Bool
    private let system: ConfigurationSystem

    init(
        _ path: Span<UInt8>, site: UInt32, _ node: SiteNode, _ directory: SiteNode.VirtualDirectoryNode,
        _ spellings: FolderSpellings, _ system: ConfigurationSystem
    ) {
        let bytes = [UInt8](copying: path)
        let remainder = bytes.dropFirst(directory.path.count)
        let name = remainder.drop { $0 == 0x2F }
        let root = directory.root.bytes.last == 0x2F ? directory.root.bytes.dropLast() : directory.root.bytes
        isSafe = !UnsafePath.isUnsafe(path)
        self.site = site
        self.path = bytes
        self.root = directory.root
        self.name = Array(name)
        folder = root + remainder.dropLast(name.count)
        siteName = node.name
        self.spellings = directory.isCaseSensitive ? nil : spellings
        self.system = system
    }

    /// Looks at folders only where the case of letters does not count.
    ///
    /// - Parameter looks: false where nothing may wait: names are then spelled as the path spells them.
    func place(looks: Bool = true) -> Place {
        let isSpelled = looks && isSafe && !name.isEmpty
        let spelled = isSpelled ? spellings?.spelling(of: name, beneath: root) ?? name : name
        return Place(
            physicalPath: isSafe ? SystemPath(folder + spelled) : nil,
            relativePath: isSafe ? SystemPath(name.isEmpty ? [0x2E] : spelled) : nil,
            configurationPath: ConfigurationPath(
                site: siteName, path: String(decoding: path.dropLast(name.count) + spelled, as: UTF8.self)))
    }

    /// - Parameter asksForType: whether it is of interest what kind of file system it is.
    func perform(asksForType: Bool = true) -> Findings {
        let place = place()
        let file = place.physicalPath.flatMap { try? FileInformation.of($0) }
        let leadsOut = file != nil && place.relativePath.map { Self.leadsOut($0, of: root) } ?? false
        return Findings(
            place: place, file: leadsOut ? nil : file, leadsOut: leadsOut,
            configuration: configuration(at: place.configurationPath, isFile: file?.kind != .directory),
            isRemote: asksForType
                && FileInformation.isRemote(place.physicalPath.map { file == nil ? root : $0 } ?? root))
    }

    private func configuration(
        at configurationPath: ConfigurationPath, isFile: Bool
    ) -> Result<PathConfiguration, ConfigurationError> {
        do throws(ConfigurationError) {
            guard (try? FileInformation.of(root))?.kind == .directory else {
                throw ConfigurationError(
                    file: root.text + "/web.config", line: 0, "Cannot read configuration file", code: .pathNotFound)
            }
            let configuration = try system.configuration(at: configurationPath, isFile: isFile)
            try configuration.validate()
            return .success(configuration)
        } catch {
            return .failure(error)
        }
    }

    private static func leadsOut(_ path: SystemPath, of root: SystemPath) -> Bool {
        do throws(SystemError) {
            _ = try FileInformation.of(path, beneath: root)
            return false
        } catch {
            return error.reasonClass == .missing
        }
    }
}
