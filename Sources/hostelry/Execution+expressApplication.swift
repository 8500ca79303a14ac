import Administration
import DotNet
import Platform

/// Applications in folders that `hostelry express` serves.
extension Execution {
    /// What a pool's programs are to know of whoever calls: where they are looked for, and what .NET is told by variables.
    static var developersVariables: [(name: String, value: String)] {
        let names = [
            "PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_ROLL_FORWARD",
            "DOTNET_ROLL_FORWARD_TO_PRERELEASE", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_ENVIRONMENT",
            "ASPNETCORE_ENVIRONMENT",
        ]
        return names.compactMap { name in
            CurrentProcess.variable(name).flatMap { $0.isEmpty ? nil : (name, $0) }
        }
    }

    /// The application of a folder that has no web.config; nil where it has one, or holds none. Throws for an application that
    /// cannot run here.
    static func application(in folder: String) throws(ExpressFailure) -> PublishedWebConfig? {
        guard (try? NameLookup.find("web.config", inFolder: folder))??.spelling == nil else { return nil }
        let found: PublishedApplication?
        do throws(UnreadableFiles) {
            found = try PublishedApplication.inspect(folder)
        } catch {
            throw ExpressFailure(error.text)
        }
        guard let application = found else { return nil }
        if let obstacle = application.obstacle { throw ExpressFailure(obstacle) }
        guard application.isWebApplication else { return nil }
        let installation = DotNetInstallation.find(environment: CurrentProcess.variable)
        if case .refused(let reason) = FrameworkResolution.of(
            application, on: installation, environment: CurrentProcess.variable)
        {
            throw ExpressFailure(reason)
        }
        return PublishedWebConfig(application, hostingModel: .outofprocess)
    }
}
