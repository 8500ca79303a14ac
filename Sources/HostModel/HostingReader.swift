internal import Configuration
internal import Platform

/// Finds out from an application's configuration and files how it would be hosted.
enum HostingReader {
    /// `configuration` is that of the application's root.
    static func read(
        _ configuration: PathConfiguration, name: String, environment: EnvironmentVariables
    ) throws(ConfigurationError) -> HostedApplication {
        let handlers = try BackendHandlers(configuration)
        guard handlers.hasCoreModule else {
            return HostedApplication(name: name, hosting: .none, architecture: .any)
        }
        let section = try configuration.section("system.webServer/aspNetCore")
        // A model that there is not is a mistake, which is told, and keeps the application from starting.
        let inProcess = !handlers.isFirstVersion && (try? BackendSection.isInProcess(section)) == true
        let architecture = configuration.folder.map { folder in
            program(section, in: folder).map(Self.architecture) ?? .unknown
        }
        return HostedApplication(
            name: name, hosting: inProcess ? .inProcess : .outOfProcess, architecture: architecture ?? .unknown)
    }

    /// The file that holds the application's code: `dotnet`'s first argument, or the program itself.
    static func program(_ section: Element, in folder: String) -> String? {
        let process = section.string("processPath").replacing("\\", with: "/")
        var target = process
        let base = process.split(separator: "/").last?.lowercased()
        if base == "dotnet" || base == "dotnet.exe" {
            guard let first = firstArgument(section.string("arguments")) else { return nil }
            target = first.replacing("\\", with: "/")
        }
        guard !target.isEmpty, !VirtualDirectory.isWindowsPath(target) else { return nil }
        return target.hasPrefix("/") ? target : "\(folder)/\(target)"
    }

    private static func firstArgument(_ arguments: String) -> String? {
        if arguments.hasPrefix("\"") { return arguments.dropFirst().split(separator: "\"").first.map(String.init) }
        return arguments.split(separator: " ").first.map(String.init)
    }

    /// A program written as `App.exe` may be `App` here; one that is not there is the start's matter, not this rule's.
    private static func architecture(_ path: String) -> ExecutableImage.Architecture {
        let candidates = path.lowercased().hasSuffix(".exe") ? [path, String(path.dropLast(4))] : [path]
        for candidate in candidates {
            if let image = try? ExecutableImage.read(candidate) { return image.architecture }
        }
        return .unknown
    }
}
