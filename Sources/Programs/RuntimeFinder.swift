import DotNet
import Platform

/// The .NET of this machine, and whether an application can run on it.
final class RuntimeFinder {
    /// Looked for when it is first asked for; nil where there is none.
    private(set) lazy var installed = installations.find(environment: environment)
    private let environment: (String) -> String?
    private let installations: DotNetSearch
    private let refuses: Bool

    /// - Parameters:
    ///   - environment: of the application's process.
    ///   - installations: where it is looked for.
    ///   - refuses: whether what cannot run is an error, and not just found.
    init(_ environment: @escaping (_ name: String) -> String?, _ installations: DotNetSearch, refuses: Bool) {
        self.environment = environment
        self.installations = installations
        self.refuses = refuses
    }

    private var absence: LaunchFailure {
        LaunchFailure(
            ".NET is not installed: there is no 'dotnet' in \(DotNetInstallation.places); install the ASP.NET Core "
                + "runtime.")
    }

    /// What runs a library. Where nothing is refused and there is no .NET, the library stands for itself.
    func program(for library: String?, on runtime: DotNetInstallation?) throws(LaunchFailure) -> String {
        if let runtime { return runtime.program }
        guard !refuses, let library else { throw absence }
        return library
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
