public import Configuration
public import DotNet
import Platform

/// Finds the program that a section means, Windows' shapes of one included. Looks at files.
public struct ProgramFinder {
    private let folder: String
    private let environment: EnvironmentVariables
    private let runtimes: RuntimeFinder

    /// - Parameters:
    ///   - folder: the application's.
    ///   - environment: what the worker has: programs are looked for on its search path.
    ///   - variables: what the application's process has, by name.
    ///   - installations: where .NET is looked for.
    ///   - refuses: whether an application that cannot run on the .NET that is there, or has none, is a failure, and not just
    ///     found.
    public init(
        folder: String, environment: EnvironmentVariables, variables: @escaping (_ name: String) -> String?,
        installations: DotNetSearch, refuses: Bool
    ) {
        self.folder = folder
        self.environment = environment
        runtimes = RuntimeFinder(variables, installations, refuses: refuses)
    }

    public func find(_ command: ProgramCommand) throws(LaunchFailure) -> FoundProgram {
        if Self.isDotNet(command.processPath) { return try dotNet(command.processPath, command.arguments) }
        var found = try program(command.processPath)
        found.arguments += try ProgramArguments(folder: folder).split(command.arguments)
        return found
    }

    private static func isDotNet(_ processPath: String) -> Bool {
        ["dotnet", "dotnet.exe"].contains(ConfiguredPath.name(of: processPath).lowercased())
    }

    // MARK: dotnet

    private func dotNet(_ processPath: String, _ arguments: String) throws(LaunchFailure) -> FoundProgram {
        let written = try writtenHost(processPath)
        let words = try ProgramArguments(folder: folder).splitForDotNet(arguments)
        let library = words.first.flatMap { $0.hasPrefix("/") && $0.lowercased().hasSuffix(".dll") ? $0 : nil }
        let runtime = written ?? runtimes.installed
        try runtimes.check(library, on: runtime)
        let program = try runtimes.program(for: library, on: runtime)
        let isOnWindows = written == nil && ConfiguredPath.native(processPath)?.contains("/") != false
        return FoundProgram(
            executable: program, arguments: words, code: library ?? program, runtime: runtime,
            isAsConfigured: !isOnWindows)
    }

    /// The .NET that a path leads to; nil where the one that is installed is meant: by a bare name, or by the place where
    /// Windows has it (`C:\Program Files\dotnet\dotnet.exe`, `%ProgramFiles%\dotnet\dotnet.exe`).
    private func writtenHost(_ processPath: String) throws(LaunchFailure) -> DotNetInstallation? {
        let parts = processPath.split { $0 == "/" || $0 == "\\" || $0 == "\"" }
        guard parts.count > 1 || processPath.hasPrefix("/") else { return nil }
        let advice = "write processPath=\"dotnet\"."
        guard !processPath.contains("%"), let path = ConfiguredPath.absolute(processPath, in: folder) else {
            if parts.dropLast().last?.lowercased() == "dotnet" { return nil }
            throw LaunchFailure("Could not find dotnet.exe at '\(processPath)'; \(advice)")
        }
        let bare = path.lowercased().hasSuffix(".exe") ? String(path.dropLast(4)) : path
        guard let found = try CasedFile.find(bare), let slash = found.lastIndex(of: "/"),
            let installation = DotNetInstallation(folder: String(found[..<slash]), foundBy: "processPath")
        else { throw LaunchFailure("Could not find dotnet.exe at '\(path)'; \(advice)") }
        _ = try Executable.check(found)
        return installation
    }

    // MARK: Others

    private func program(_ processPath: String) throws(LaunchFailure) -> FoundProgram {
        guard let native = ConfiguredPath.native(processPath), !native.contains("%"),
            let path = ConfiguredPath.absolute(processPath, in: folder)
        else { return try foreign(processPath) }
        if let own = try own(path) { return own }
        // A bare name that is none of the application's files is one of the system's.
        guard !native.contains("/") else {
            throw LaunchFailure(
                "Executable was not found at '\(path)'; publish the application into \(folder) or correct processPath.")
        }
        guard let found = SearchPath(environment).find(native) else {
            throw LaunchFailure(
                "Executable was not found: '\(processPath)' is neither in \(folder) nor on the search path "
                    + "(\(environment["PATH"] ?? "empty")); install it or correct processPath.")
        }
        return FoundProgram(executable: found, code: found)
    }

    /// A path on a Windows drive, or with a variable that nobody has set: its program may be the application's own or one of
    /// the system's, by its name.
    private func foreign(_ processPath: String) throws(LaunchFailure) -> FoundProgram {
        let name = ConfiguredPath.name(of: processPath)
        if name.uppercased().contains("%LAUNCHER_PATH%") {
            throw LaunchFailure(
                "processPath is Visual Studio's placeholder %LAUNCHER_PATH%, which publishing replaces; publish the "
                    + "application, or write processPath=\"dotnet\" arguments=\".\\App.dll\".")
        }
        if !name.isEmpty, !name.contains("%") {
            if var own = try own("\(folder)/\(name)") {
                own.isAsConfigured = false
                return own
            }
            if let found = SearchPath(environment).find(name) {
                return FoundProgram(executable: found, code: found, isAsConfigured: false)
            }
        }
        throw LaunchFailure(
            "Executable was not found at '\(processPath)', which is no path of this system; write the path that the program "
                + "has here, or its name alone where it is on the search path.")
    }

    // MARK: The application's files

    /// The program that `path` stands for; nil where nothing like it is there. What was published for Windows runs by its
    /// library, what was published for Linux by its program, whichever of the two the section names.
    private func own(_ path: String) throws(LaunchFailure) -> FoundProgram? {
        let isNamedExe = path.lowercased().hasSuffix(".exe")
        let stem = isNamedExe ? String(path.dropLast(4)) : path
        let written = try CasedFile.find(path)
        if let written, let program = try native(written) { return program }
        let windows = written == nil ? try CasedFile.find(stem + ".exe") : written
        if let windows, let library = try library(beside: windows) { return library }
        if isNamedExe, let plain = try CasedFile.find(stem), var program = try native(plain) {
            program.isAsConfigured = false
            return program
        }
        guard let windows else { return try library(beside: stem) }
        throw Executable.fault(of: windows)
    }

    /// A program of this system, a script, or a library that `dotnet` runs; nil for a program of Windows.
    private func native(_ path: String) throws(LaunchFailure) -> FoundProgram? {
        let image = try Executable.image(path)
        switch image.format {
        case .elf:
            // An application with a library of its name is one of .NET, whose program only starts the library.
            let library = try CasedFile.find(path + ".dll")
            let application = try library.flatMapThrowing { library throws(LaunchFailure) in
                try runtimes.check(library, on: runtimes.installed)
            }
            let looks = application?.form == .frameworkDependent
            // Copied by a way that loses modes, as FTP does.
            if looks, let library, !FileFacts.mayExecute(path) { return try run(library) }
            return FoundProgram(
                executable: try Executable.check(path, image), code: looks ? library ?? path : path,
                runtime: looks ? runtimes.installed : nil, looksForRuntime: looks)
        case .managed where path.lowercased().hasSuffix(".dll"): return try run(path)
        case .managed, .windows: return nil
        case .other:
            let script = try Executable.checkScript(path)
            return FoundProgram(executable: script, code: script)
        }
    }

    private func library(beside program: String) throws(LaunchFailure) -> FoundProgram? {
        let stem = program.lowercased().hasSuffix(".exe") ? String(program.dropLast(4)) : program
        guard let library = try CasedFile.find(stem + ".dll"), try Executable.image(library).format == .managed else {
            return nil
        }
        return try run(library)
    }

    /// The library under the `dotnet` that is installed.
    private func run(_ library: String) throws(LaunchFailure) -> FoundProgram {
        try runtimes.check(library, on: runtimes.installed)
        return FoundProgram(
            executable: try runtimes.program(for: library, on: runtimes.installed), arguments: [library], code: library,
            runtime: runtimes.installed, isAsConfigured: false)
    }
}

extension Optional {
    /// `flatMap` for a body that throws an error of one kind.
    fileprivate func flatMapThrowing<Result, Failure>(
        _ body: (Wrapped) throws(Failure) -> Result?
    ) throws(Failure) -> Result? {
        guard case .some(let wrapped) = self else { return nil }
        return try body(wrapped)
    }
}
