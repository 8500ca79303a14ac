public import Platform

/// A .NET on this machine: its `dotnet` and what lies beside it.
public struct DotNetInstallation: Equatable, Sendable {
    /// `dotnet` as it was found, absolute; it may be a link.
    public let program: String
    /// The folder that `dotnet` really lies in, where hosts and frameworks are.
    public let root: String
    /// What led to it, for people: `PATH`, `DOTNET_ROOT`, a file or a folder.
    public let foundBy: String
    public let architecture: ExecutableImage.Architecture
    /// Of `host/fxr`, ascending. Empty where `dotnet` is a script or lies apart from them: then nothing is known of it.
    public let hosts: [FrameworkVersion]
    /// The versions of each shared framework, ascending.
    public let frameworks: [String: [FrameworkVersion]]

    /// Whether hosts and frameworks could be read.
    public var isKnown: Bool { !hosts.isEmpty }

    /// Where it is looked for, in this order, for people.
    public static let places =
        "DOTNET_ROOT, PATH, /etc/dotnet/install_location, /usr/share/dotnet and /usr/lib/dotnet"

    /// Those by which programs of .NET are told where it is, in this order.
    public static let rootVariables =
        (ExecutableImage.Architecture.ofThisMachine.map { ["DOTNET_ROOT_\("\($0)".uppercased())"] } ?? [])
        + ["DOTNET_ROOT"]

    /// All that say where it is.
    static let variables = rootVariables + ["PATH"]

    private static let foldersLimit = 1_000

    /// The .NET that `dotnet` means to a program with these variables, or nil where there is none.
    ///
    /// Waits for the disk.
    ///
    /// - Parameter system: what stands before the paths of files that say where .NET is, and of the usual folders.
    public static func find(
        environment: (_ name: String) -> String?, system: String = ""
    ) -> DotNetInstallation? {
        // `dotnet` may be a script that starts one: only where nothing better is there.
        var script: DotNetInstallation?
        for (folder, foundBy) in folders(environment, system) {
            guard let found = DotNetInstallation(folder: folder, foundBy: foundBy) else { continue }
            if found.isKnown { return found }
            script = script ?? found
        }
        return script
    }

    private static func folders(
        _ environment: (String) -> String?, _ system: String
    ) -> [(path: String, foundBy: String)] {
        // What somebody set for .NET alone comes before what lies on everybody's path.
        var folders = rootVariables.compactMap { name in environment(name).map { (path: $0, foundBy: name) } }
        folders += (environment("PATH") ?? "").split(separator: ":").map { (path: String($0), foundBy: "PATH") }
        let suffix = ExecutableImage.Architecture.ofThisMachine.map { "\($0)" } ?? ""
        for name in ["/etc/dotnet/install_location_\(suffix)", "/etc/dotnet/install_location"] {
            guard let file = try? FileReader(limit: 4096).read(system + name) else { continue }
            let text = String(decoding: file.bytes, as: UTF8.self)
            guard let line = text.split(whereSeparator: \.isNewline).first else { continue }
            folders.append((String(line), name))
        }
        folders += ["/usr/share/dotnet", "/usr/lib/dotnet"].map { (system + $0, $0) }
        return folders.map { (FilePath.trimmed($0.path), $0.foundBy) }.filter { $0.path.hasPrefix("/") }
    }

    /// Nil where `folder` has no `dotnet`.
    public init?(folder: String, foundBy: String) {
        let program = "\(folder)/dotnet"
        guard let image = try? ExecutableImage.read(program), image.format == .elf || image.format == .other,
            let resolved = FilePath.resolved(program), let slash = resolved.lastIndex(of: "/")
        else { return nil }
        self.program = program
        root = String(resolved[..<slash])
        self.foundBy = foundBy
        architecture = image.architecture
        hosts = image.format == .elf ? Self.versions("\(root)/host/fxr") : []
        var frameworks: [String: [FrameworkVersion]] = [:]
        if !hosts.isEmpty {
            for name in Self.folders("\(root)/shared") { frameworks[name] = Self.versions("\(root)/shared/\(name)") }
        }
        self.frameworks = frameworks.filter { !$0.value.isEmpty }
    }

    /// The folders in one, and the links to folders.
    private static func folders(_ path: String) -> [String] {
        guard let place = SystemPath(path.utf8), let here = SystemPath([UInt8(ascii: ".")]),
            let names = try? FolderContent.names(in: here, beneath: place, limit: foldersLimit)
        else { return [] }
        return names.compactMap { String(validating: $0, as: UTF8.self) }.filter { name in
            guard let inner = SystemPath("\(path)/\(name)".utf8) else { return false }
            return (try? FileInformation.of(inner))?.kind == .directory
        }
    }

    private static func versions(_ path: String) -> [FrameworkVersion] {
        folders(path).compactMap { FrameworkVersion($0) }.sorted()
    }

    /// What an installed framework runs on itself.
    func configuration(of name: String, _ version: FrameworkVersion) throws(UnreadableFiles) -> RuntimeConfiguration? {
        let path = "\(root)/shared/\(name)/\(version)/\(name)\(RuntimeConfiguration.suffix)"
        // A framework on its own has no such file.
        guard (try? FileStamp.of(path)) != nil else { return nil }
        return try RuntimeConfiguration.read(path)
    }
}
