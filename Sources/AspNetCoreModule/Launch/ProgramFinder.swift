import Configuration
import Platform

/// What a `processPath` comes to on this machine.
struct FoundProgram: Equatable {
    /// The program's file, absolute.
    var executable: String
    /// What comes before the configured arguments: the library that `dotnet` runs in a Windows program's place.
    var leading: [String] = []
    /// Whether the arguments say what `dotnet` runs.
    var isDotNet = false
    /// Whether the configured path is what is run, so that events show it.
    var isAsConfigured = true
}

/// Finds the program that a `processPath` means, Windows' shapes of one included. Looks at files.
struct ProgramFinder {
    let folder: String
    let environment: EnvironmentVariables
    var dotNet = DotNetSearch()

    func find(_ processPath: String) throws(LaunchFailure) -> FoundProgram {
        let name = ConfiguredPath.name(of: processPath)
        if ["dotnet", "dotnet.exe"].contains(name.lowercased()) { return try host(processPath) }
        guard let native = ConfiguredPath.native(processPath), !native.contains("%") else {
            return try foreign(processPath, name)
        }
        // A bare name is the application's own file before it is a program of the system's.
        if !native.contains("/") {
            if let own = try own("\(folder)/\(native)") { return own }
            if let found = SearchPath(environment).find(native) { return FoundProgram(executable: found) }
            throw LaunchFailure(
                "The program '\(processPath)' is neither in \(folder) nor on the search path "
                    + "(\(environment["PATH"] ?? "empty")); install it or correct processPath.")
        }
        // Not nil: `native` is a path of this system.
        let path = ConfiguredPath.absolute(processPath, in: folder) ?? native
        guard let own = try own(path) else {
            throw LaunchFailure(
                "Executable was not found at '\(path)'; publish the application into \(folder) or correct processPath.")
        }
        return own
    }

    // MARK: dotnet

    private func host(_ processPath: String) throws(LaunchFailure) -> FoundProgram {
        let isBare = !processPath.contains("/") && !processPath.contains("\\")
        if isBare { return FoundProgram(executable: try installedHost(), isDotNet: true) }
        if let path = ConfiguredPath.absolute(processPath, in: folder), !processPath.contains("%") {
            let bare = path.lowercased().hasSuffix(".exe") ? String(path.dropLast(4)) : path
            guard let found = try CasedFile.find(bare) else {
                throw LaunchFailure("Could not find dotnet.exe at '\(path)'; write processPath=\"dotnet\".")
            }
            return FoundProgram(executable: try Executable.check(found), isDotNet: true)
        }
        // Where Windows has it: `C:\Program Files\dotnet\dotnet.exe`, `%ProgramFiles%\dotnet\dotnet.exe`.
        let parts = processPath.split { $0 == "/" || $0 == "\\" || $0 == "\"" }
        guard parts.dropLast().last?.lowercased() == "dotnet" else {
            throw LaunchFailure("Could not find dotnet.exe at '\(processPath)'; write processPath=\"dotnet\".")
        }
        return FoundProgram(executable: try installedHost(), isDotNet: true, isAsConfigured: false)
    }

    private func installedHost() throws(LaunchFailure) -> String {
        guard let host = dotNet.find(environment) else {
            throw LaunchFailure(
                ".NET is not installed: there is no 'dotnet' on the search path, in DOTNET_ROOT or in "
                    + dotNet.usualFolders.joined(separator: " or ") + "; install the ASP.NET Core runtime.")
        }
        return host
    }

    // MARK: Other systems' paths

    /// A path on a Windows drive, or with a variable that nobody has set: its program may be the application's own or one of
    /// the system's, by its name.
    private func foreign(_ processPath: String, _ name: String) throws(LaunchFailure) -> FoundProgram {
        if processPath.uppercased().contains("%LAUNCHER_PATH%") {
            throw LaunchFailure(
                "processPath is Visual Studio's placeholder %LAUNCHER_PATH%, which publishing replaces; publish the "
                    + "application, or write processPath=\"dotnet\" arguments=\".\\App.dll\".")
        }
        if !name.contains("%") {
            if var own = try own("\(folder)/\(name)") {
                own.isAsConfigured = false
                return own
            }
            if let found = SearchPath(environment).find(name) {
                return FoundProgram(executable: found, isAsConfigured: false)
            }
        }
        throw LaunchFailure(
            "Executable was not found at '\(processPath)', which is no path of this system; write the path that the program "
                + "has here, or its name alone where it is on the search path.")
    }

    // MARK: The application's files

    /// The program that `path` stands for; nil where nothing like it is there.
    private func own(_ path: String) throws(LaunchFailure) -> FoundProgram? {
        let isNamedExe = path.lowercased().hasSuffix(".exe")
        let stem = isNamedExe ? String(path.dropLast(4)) : path
        let written = try CasedFile.find(path)
        if let written, let program = try native(written) { return program }
        let plain = isNamedExe ? try CasedFile.find(stem) : nil
        let windows = written == nil ? try CasedFile.find(stem + ".exe") : written
        // A folder published for Windows runs by its library, one published for Linux by its program.
        if let windows, let program = try replacement(of: windows) { return program }
        if let plain, let program = try native(plain) {
            return FoundProgram(executable: program.executable, isAsConfigured: false)
        }
        if windows == nil, let library = try library(stem) { return library }
        guard let found = windows ?? plain else { return nil }
        throw LaunchFailure(Executable.fault(of: found))
    }

    /// A program of this system, a script, or a library that `dotnet` runs; nil for another system's program.
    private func native(_ path: String) throws(LaunchFailure) -> FoundProgram? {
        let image = try Executable.image(path)
        switch image.format {
        case .elf: return FoundProgram(executable: try Executable.check(path, image))
        case .managed where path.lowercased().hasSuffix(".dll"):
            return FoundProgram(executable: try installedHost(), leading: [path], isAsConfigured: false)
        case .managed, .windows: return nil
        case .other: return FoundProgram(executable: try Executable.checkScript(path))
        }
    }

    /// What runs in a Windows program's place: the library beside it.
    private func replacement(of windows: String) throws(LaunchFailure) -> FoundProgram? {
        let stem = windows.lowercased().hasSuffix(".exe") ? String(windows.dropLast(4)) : windows
        return try library(stem)
    }

    private func library(_ stem: String) throws(LaunchFailure) -> FoundProgram? {
        guard let library = try CasedFile.find(stem + ".dll"), try Executable.image(library).format == .managed else {
            return nil
        }
        return FoundProgram(executable: try installedHost(), leading: [library], isAsConfigured: false)
    }
}
