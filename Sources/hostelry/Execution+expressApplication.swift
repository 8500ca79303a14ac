import Administration
import Configuration
import DotNet
import Events
import HostModel
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
    ///
    /// - Parameter foreign: what of the folder another user decides, where root runs it.
    static func application(
        in folder: String, _ foreign: ForeignPrograms.Trace?
    ) throws(ExpressFailure) -> PublishedWebConfig? {
        guard (try? NameLookup.find("web.config", inFolder: folder))??.spelling == nil else { return nil }
        let found: PublishedApplication?
        do throws(UnreadableFiles) {
            found = try PublishedApplication.answering(for: folder, documents: usualDocuments)
        } catch {
            throw ExpressFailure(error.text)
        }
        guard let application = found else { return nil }
        if let obstacle = application.obstacle {
            // One file among others, perhaps there to be downloaded.
            guard application.form == .singleFile else { throw ExpressFailure(obstacle) }
            StandardError.write(
                Array("hostelry express: \(LineText.printable(obstacle)); the folder's files are served\n".utf8))
            return nil
        }
        if let foreign { throw refusal("the application \(application.name) of \(folder)", folder, foreign) }
        let installation = DotNetInstallation.find(environment: CurrentProcess.variable)
        if case .refused(let reason) = FrameworkResolution.of(
            application, on: installation, environment: CurrentProcess.variable)
        {
            throw ExpressFailure(reason)
        }
        let file = PublishedWebConfig(application, hostingModel: .outofprocess)
        print(
            "The folder has no web.config and holds the application \(LineText.printable(application.name)), which answers: "
                + LineText.printable(file.commandLine))
        return file
    }

    /// Of a server of which nothing else is said.
    private static var usualDocuments: [String] {
        guard
            let server = try? ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        else { return [] }
        return DefaultDocuments.names(in: ConfigurationSystem(server: server, layout: { _ in nil }).root)
    }

    /// Throws where root would start a program that the folder's web.config names, and another user decides what that is.
    static func refuseForeignProgram(
        _ configuration: String, _ folder: String, _ foreign: ForeignPrograms.Trace
    ) throws(ExpressFailure) {
        guard let server = try? ServerConfiguration.read(path: configuration) else { return }
        let system = ConfigurationSystem(server: server, layout: HostModel.build(server).layouts())
        do throws(ConfigurationError) {
            let site = try system.configuration(at: ConfigurationPath(site: ExpressInstance.siteName, path: "/"))
            for section in ExpressInstance.programSections { _ = try site.section(section) }
        } catch {
            // Other mistakes are told where they are met.
            guard error.code == ConfigurationError.Code.locked.rawValue else { return }
            throw refusal("the program that \(error.file):\(error.line) names", folder, foreign)
        }
    }

    private static func refusal(
        _ program: String, _ folder: String, _ foreign: ForeignPrograms.Trace
    ) -> ExpressFailure {
        let user = foreign.owner.flatMap { try? Account.of(user: $0) }?.name
        return ExpressFailure(
            "\(program) would run as root, and \(foreign.text), who decides what it is. Serve the folder as "
                + (user.map {
                    "that user: runuser -u \(ShellWord.quoted($0)) -- hostelry express --path "
                        + ShellWord.quoted(folder)
                } ?? "another user"))
    }
}
