//  DotNet: published .NET applications and installed .NET runtimes, as their files tell. Nothing is ever run, and no number
//  in a file is believed.
//
//      a folder ─► PublishedApplication      its program, its target, the frameworks that it wants
//      an environment ─► DotNetInstallation  where `dotnet` is, which hosts and frameworks lie beside it
//      both ─► FrameworkResolution           what it would run on here, or what is missing, in words
//
//  `FrameworkDemand` has Microsoft's rules of rolling forward, `RuntimeConfiguration` reads `*.runtimeconfig.json`,
//  `BundleMarker` tells a single-file program.

/// Why the files of an application or a framework cannot be understood: a sentence that names the file.
public struct UnreadableFiles: Error, Equatable, Sendable, CustomStringConvertible {
    public let text: String

    init(_ text: String) { self.text = text }

    public var description: String { text }
}
