internal import JSON
internal import Platform

extension PublishedApplication {
    /// How many names of a folder are looked at. An application with its own runtime has some 400.
    static let namesLimit = 20_000
    /// How many files of a folder are opened to find a single-file program.
    static let programsLimit = 256
    /// How much of them is read, in the order of their names. Behind it no program is recognised, but the one that is named.
    /// Unit: bytes.
    static let searchLimit = 256 << 20
    /// Unit: bytes. No start program is smaller.
    static let smallestProgram: Int64 = 16 << 10

    /// What `folder` holds: nil where that is no .NET application.
    ///
    /// Reads some kilobytes, of a program that may hold a bundle up to `BundleMarker.searchLimit`, and of all of them
    /// `searchLimit`. Waits for the disk.
    ///
    /// - Parameter wanted: the application's name or its assembly's, where the folder has several.
    public static func inspect(
        _ folder: String, named wanted: String? = nil
    ) throws(UnreadableFiles) -> PublishedApplication? {
        guard let content = try FolderView(folder) else { return nil }
        var names = content.names.filter { $0.hasSuffix(RuntimeConfiguration.suffix) }
            .map { String($0.dropLast(RuntimeConfiguration.suffix.count)) }.sorted()
        if let wanted {
            let name = wanted.hasSuffix(".dll") ? String(wanted.dropLast(4)) : wanted
            names = names.filter { $0 == name }
        }
        guard !names.isEmpty else {
            let programs = content.bundles(named: wanted)
            guard programs.count < 2 else {
                throw UnreadableFiles(
                    "\(content.path) holds several single-file programs: \(programs.map(\.name).joined(separator: ", "))"
                )
            }
            return programs.first.map { single(content, $0) } ?? legacyProgram(content, named: wanted)
                ?? (wanted == nil ? legacySite(content) : nil)
        }
        return try published(content, names)
    }

    /// The application that answers for `folder` though nobody says so: nil where that has files to be sent, programs among
    /// them.
    ///
    /// A program beside a page that answers for the folder, one among several, and one for the .NET Framework are files
    /// like others. Reads as much as `inspect` does.
    ///
    /// - Parameter documents: names of default documents.
    public static func answering(
        for folder: String, documents: [String]
    ) throws(UnreadableFiles) -> PublishedApplication? {
        guard let content = try FolderView(folder) else { return nil }
        if content.names.contains(where: { $0.hasSuffix(RuntimeConfiguration.suffix) }) {
            return try inspect(folder).flatMap { $0.isWebApplication ? $0 : nil }
        }
        if let site = legacySite(content) { return site }
        let pages = Set(documents.map { $0.lowercased() })
        guard !content.names.contains(where: { pages.contains($0.lowercased()) }) else { return nil }
        let programs = content.bundles(named: nil)
        return programs.count == 1 ? single(content, programs[0]) : nil
    }

    private static func published(
        _ content: FolderView, _ names: [String]
    ) throws(UnreadableFiles) -> PublishedApplication? {
        let whole = names.filter { content.names.contains("\($0).dll") }
        guard !whole.isEmpty else {
            throw UnreadableFiles(
                "\(content.path)/\(names[0])\(RuntimeConfiguration.suffix) is there, and \(names[0]).dll beside it is not"
            )
        }
        var applications: [PublishedApplication] = []
        for name in whole.prefix(32) { applications.append(try published(content, name)) }
        let web = applications.filter(\.isWebApplication)
        if !web.isEmpty { applications = web }
        guard applications.count == 1 else {
            throw UnreadableFiles(
                "\(content.path) holds several applications: \(applications.map(\.name).joined(separator: ", "))")
        }
        return applications[0]
    }

    private static func published(
        _ content: FolderView, _ name: String
    ) throws(UnreadableFiles) -> PublishedApplication {
        let configuration = try RuntimeConfiguration.read("\(content.path)/\(name)\(RuntimeConfiguration.suffix)")
        let start = content.program([name, "\(name).exe"])
        let assembly = content.image("\(name).dll")
        let isDependent = !configuration.frameworks.isEmpty
        return PublishedApplication(
            folder: content.path, name: name, form: isDependent ? .frameworkDependent : .selfContained,
            assembly: "\(name).dll", startProgram: start, configuration: configuration,
            runtimeIdentifier: identifier(content, name),
            architecture: (isDependent ? assembly : start?.image)?.architecture ?? .unknown)
    }

    /// `.NETCoreApp,Version=v10.0/linux-x64`. Without the file, or with one that makes no sense, nothing is known.
    private static func identifier(_ content: FolderView, _ name: String) -> String? {
        guard content.names.contains("\(name).deps.json"),
            let file = try? RuntimeFile.read("\(content.path)/\(name).deps.json"),
            let target = file["runtimeTarget"]?["name"]?.string
        else { return nil }
        let parts = target.split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : nil
    }

    private static func single(_ content: FolderView, _ program: StartProgram) -> PublishedApplication {
        let name = program.image.format == .windows ? String(program.name.dropLast(4)) : program.name
        return PublishedApplication(
            folder: content.path, name: name, form: .singleFile, assembly: nil, startProgram: program,
            configuration: nil, runtimeIdentifier: nil, architecture: program.image.architecture)
    }

    /// A program that is an assembly by itself.
    private static func legacyProgram(_ content: FolderView, named wanted: String?) -> PublishedApplication? {
        let programs = content.names.filter {
            $0.lowercased().hasSuffix(".exe") && (wanted == nil || $0 == wanted || $0.dropLast(4) == wanted ?? "")
        }
        for name in programs.sorted().prefix(programsLimit) {
            guard let image = content.image(name), image.format == .managed else { continue }
            return PublishedApplication(
                folder: content.path, name: String(name.dropLast(4)), form: .dotNetFramework, assembly: nil,
                startProgram: StartProgram(name: name, image: image), configuration: nil, runtimeIdentifier: nil,
                architecture: image.architecture)
        }
        return nil
    }

    /// An ASP.NET application with its `bin`.
    private static func legacySite(_ content: FolderView) -> PublishedApplication? {
        guard content.names.contains(where: { ["global.asax", "precompiledapp.config"].contains($0.lowercased()) }),
            let bin = content.names.first(where: { $0.lowercased() == "bin" }),
            let libraries = try? FolderView("\(content.path)/\(bin)"),
            libraries.names.contains(where: { $0.lowercased().hasSuffix(".dll") })
        else { return nil }
        return PublishedApplication(
            folder: content.path, name: content.path.split(separator: "/").last.map(String.init) ?? "/",
            form: .dotNetFramework, assembly: nil, startProgram: nil, configuration: nil, runtimeIdentifier: nil,
            architecture: .any)
    }
}

/// The names in a folder, and what its files are.
private struct FolderView {
    let path: String
    let names: Set<String>
    private let root: SystemPath

    /// Nil where there is no such folder. Names that are no UTF-8 are left out: .NET has none.
    init?(_ path: String) throws(UnreadableFiles) {
        guard let root = SystemPath(path.utf8), let here = SystemPath([UInt8(ascii: ".")]) else { return nil }
        self.path = path
        self.root = root
        do throws(SystemError) {
            names = Set(
                try FolderContent.names(in: here, beneath: root, limit: PublishedApplication.namesLimit)
                    .compactMap { String(validating: $0, as: UTF8.self) })
        } catch {
            guard error.reasonClass != .missing else { return nil }
            throw UnreadableFiles("\(path): \(error.description)")
        }
    }

    func image(_ name: String) -> ExecutableImage? { try? ExecutableImage.read("\(path)/\(name)") }

    /// The first that is a program with machine code.
    func program(_ candidates: [String]) -> PublishedApplication.StartProgram? {
        for name in candidates where names.contains(name) {
            if let image = image(name), image.format == .elf || image.format == .windows {
                return .init(name: name, image: image)
            }
        }
        return nil
    }

    /// Single-file programs; those for Linux, where there are any.
    func bundles(named wanted: String?) -> [PublishedApplication.StartProgram] {
        let candidates = names.filter { wanted == nil ? !Self.isContent($0) : $0 == wanted }.sorted().lazy.compactMap {
            largeFile($0)
        }
        var found: [PublishedApplication.StartProgram] = []
        var budget = PublishedApplication.searchLimit
        for (name, size) in candidates.prefix(PublishedApplication.programsLimit) {
            guard let program = program([name]), hasBundle(name, size, &budget) else { continue }
            found.append(program)
        }
        let own = found.filter { $0.image.format == .elf }
        return own.isEmpty ? found : own
    }

    /// Whether the name says that it is something to be sent: sites have thousands of such files, which need not be opened.
    private static func isContent(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return contentTypes.contains(name[name.index(after: dot)...].lowercased())
    }

    private static let contentTypes: Set<String> = [
        "aspx", "avif", "br", "config", "css", "csv", "dll", "doc", "docx", "eot", "gif", "gz", "htm", "html", "ico",
        "jpeg", "jpg", "js", "json", "map", "md", "mjs", "mp3", "mp4", "ogg", "otf", "pdb", "pdf", "php", "png", "pptx",
        "py", "so", "svg", "tar", "tif", "tiff", "ttf", "txt", "wasm", "wav", "webm", "webp", "woff", "woff2", "xls",
        "xlsx", "xml", "zip",
    ]

    private func largeFile(_ name: String) -> (name: String, size: Int64)? {
        guard let relative = SystemPath(name.utf8), let facts = try? FileInformation.of(relative, beneath: root),
            facts.kind == .regular, facts.stamp.size >= PublishedApplication.smallestProgram
        else { return nil }
        return (name, facts.stamp.size)
    }

    private func hasBundle(_ name: String, _ size: Int64, _ budget: inout Int) -> Bool {
        guard let relative = SystemPath(name.utf8), let file = try? FileDescriptor.open(relative, beneath: root) else {
            return false
        }
        return (try? BundleMarker.isThere(in: file, size: size, budget: &budget)) ?? false
    }
}
