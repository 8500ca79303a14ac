import Configuration
public import DotNet

/// The web.config that the .NET SDK writes when it publishes an application: a handler that takes every request, and the
/// program that answers. It writes none for Linux.
public struct PublishedWebConfig: Equatable, Sendable {
    public enum HostingModel: String, CaseIterable, Sendable {
        case inprocess, outofprocess
    }

    /// As Windows writes paths, which is how every server with the module reads them.
    public let processPath: String
    /// Empty for none.
    public let arguments: String
    public let hostingModel: HostingModel

    static let module = "AspNetCoreModuleV2"

    /// - Parameter hostingModel: nil for the SDK's own, which is in process but for a single file, of which the module loads
    ///   nothing.
    public init(_ application: PublishedApplication, hostingModel: HostingModel? = nil) {
        self.hostingModel = hostingModel ?? (application.form == .singleFile ? .outofprocess : .inprocess)
        // What is published for any system starts by `dotnet`, whatever start program lies beside it.
        let isPortable = application.form == .frameworkDependent && application.runtimeIdentifier == nil
        if !isPortable, let program = application.startProgram {
            (processPath, arguments) = (".\\\(program.name)", "")
        } else {
            let assembly = ".\\\(application.assembly ?? application.name)"
            (processPath, arguments) = ("dotnet", assembly.contains(" ") ? "\"\(assembly)\"" : assembly)
        }
    }

    /// The command line, for people.
    public var commandLine: String { arguments.isEmpty ? processPath : "\(processPath) \(arguments)" }

    /// What stands in `system.webServer`.
    ///
    /// - Parameter handler: the handler's name; the SDK's is `aspNetCore`.
    func sections(handler: String) -> [NewElement] {
        let mapping = NewElement(
            "add",
            attributes: [
                ("name", handler), ("path", "*"), ("verb", "*"), ("modules", Self.module),
                ("resourceType", "Unspecified"),
            ])
        let program = NewElement(
            "aspNetCore",
            attributes: [("processPath", processPath)] + (arguments.isEmpty ? [] : [("arguments", arguments)]) + [
                ("stdoutLogEnabled", "false"), ("stdoutLogFile", #".\logs\stdout"#),
                ("hostingModel", hostingModel.rawValue),
            ])
        return [NewElement("handlers", children: [mapping]), program]
    }

    /// The whole file.
    public var text: String {
        let location = NewElement(
            "location", attributes: [("path", "."), ("inheritInChildApplications", "false")],
            children: [NewElement("system.webServer", children: sections(handler: "aspNetCore"))])
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            + NewElement("configuration", children: [location]).text(unit: "  ") + "\n"
    }
}
