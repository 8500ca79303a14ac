public import Platform

/// A .NET application as `dotnet publish` leaves it in a folder.
public struct PublishedApplication: Equatable, Sendable {
    public enum Form: Equatable, Sendable {
        /// It runs on frameworks that are installed on the machine.
        case frameworkDependent
        /// Its folder has the runtime too.
        case selfContained
        /// One file holds its assemblies, and perhaps the runtime.
        case singleFile
        /// Made for the .NET Framework of Windows.
        case dotNetFramework
    }

    /// The file that starts it: a small one that finds the runtime, or the whole application.
    public struct StartProgram: Equatable, Sendable {
        public let name: String
        public let image: ExecutableImage
    }

    public let folder: String
    /// For example `Shop`.
    public let name: String
    public let form: Form
    /// For example `Shop.dll`; nil where one file holds all.
    public let assembly: String?
    /// A program for Linux rather than one for Windows; nil where there is neither.
    public let startProgram: StartProgram?
    /// Nil where one file holds all, and for the .NET Framework.
    public let configuration: RuntimeConfiguration?
    /// What it was published for, for example `linux-x64`; nil where that is any system or is not told.
    public let runtimeIdentifier: String?
    /// Of the assembly or, where one file or the folder has the runtime, of the start program.
    public let architecture: ExecutableImage.Architecture

    /// Whether it answers requests, as far as its files tell: a single file does not, and is believed.
    public var isWebApplication: Bool {
        guard let configuration else {
            // A site of ASP.NET of the .NET Framework has no program of its own.
            return form == .singleFile || form == .dotNetFramework && startProgram == nil
        }
        return configuration.frameworks.contains { $0.name == FrameworkReference.aspNetCore }
            || configuration.includedFrameworks.contains(FrameworkReference.aspNetCore)
    }

    /// Whether the start program is one for Windows, or there is none.
    private var lacksLinuxProgram: Bool { startProgram?.image.format != .elf }

    /// Why it cannot run on this machine, whatever is installed: a sentence. Nil where it can.
    public var obstacle: String? {
        switch form {
        case .dotNetFramework:
            return
                "\(startProgram?.name ?? name) is made for the .NET Framework, which only Windows has; it cannot run here. "
                + "An application runs here when it is built for .NET (ASP.NET Core)"
        case .frameworkDependent: return nil
        case .singleFile where lacksLinuxProgram:
            return
                "\(startProgram?.name ?? name) is a single-file program for Windows; publish it for \(Self.machineIdentifier)"
        case .selfContained where lacksLinuxProgram:
            return
                "\(name) is published with a runtime of its own for \(runtimeIdentifier ?? "another system"); publish it for "
                + "\(Self.machineIdentifier), or without a runtime (--self-contained false)"
        case .singleFile, .selfContained:
            guard let machine = ExecutableImage.Architecture.ofThisMachine, let startProgram,
                [.x64, .arm64].contains(startProgram.image.architecture), startProgram.image.architecture != machine
            else { return nil }
            return
                "\(startProgram.name) is built for \(startProgram.image.architecture), and this machine is \(machine); "
                + "publish it for \(Self.machineIdentifier)"
        }
    }

    private static var machineIdentifier: String {
        ExecutableImage.Architecture.ofThisMachine.map { "linux-\($0)" } ?? "Linux"
    }
}

extension ExecutableImage.Architecture {
    /// Of this program, which is the machine's; nil for one that .NET has no name for here.
    public static var ofThisMachine: ExecutableImage.Architecture? {
        #if arch(x86_64)
            .x64
        #elseif arch(arm64)
            .arm64
        #else
            nil
        #endif
    }
}
