import DotNet
import Platform

/// The .NET of this machine, and whether an application can run on it.
final class RuntimeFinder {
    /// Looked for when it is first asked for; nil where there is none.
    private(set) lazy var installed = DotNetInstallation.find(environment: environment, system: system)
    private let environment: (String) -> String?
    private let system: String
    private let refuses: Bool

    /// - Parameters:
    ///   - environment: of the application's process.
    ///   - system: what stands before the paths of the system's files.
    ///   - refuses: whether what cannot run is an error, and not just found.
    init(_ environment: @escaping (_ name: String) -> String?, system: String, refuses: Bool) {
        self.environment = environment
        self.system = system
        self.refuses = refuses
    }

    var absence: LaunchFailure {
        LaunchFailure(
            ".NET is not installed: there is no 'dotnet' in \(DotNetInstallation.places); install the ASP.NET Core "
                + "runtime.")
    }

    /// What the library belongs to; nil where that is not to be told. Throws what it wants and what is there, where it cannot
    /// run.
    @discardableResult
    func check(_ library: String?, on runtime: DotNetInstallation?) throws(LaunchFailure) -> PublishedApplication? {
        guard let library, let slash = library.lastIndex(of: "/") else { return nil }
        let name = String(library[library.index(after: slash)...])
        let application: PublishedApplication?
        do throws(UnreadableFiles) {
            application = try PublishedApplication.inspect(String(library[..<slash]), named: name)
        } catch {
            guard refuses else { return nil }
            throw LaunchFailure(error.text)
        }
        guard let application else { return nil }
        guard refuses else { return application }
        if case .refused(let text) = FrameworkResolution.of(application, on: runtime, environment: environment) {
            throw LaunchFailure(text.hasSuffix(".") || text.hasSuffix(")") ? text : text + ".")
        }
        return application
    }
}
