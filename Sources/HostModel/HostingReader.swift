internal import Configuration
internal import DotNet
internal import Platform

/// Finds out from an application's configuration and files how it would be hosted.
enum HostingReader {
    /// `configuration` is that of the application's root. Waits for the disk.
    static func read(
        _ configuration: PathConfiguration, name: String, pool: ApplicationPool, installations: DotNetSearch
    ) throws(ConfigurationError) -> HostedApplication {
        let handlers = try BackendHandlers(configuration)
        guard handlers.hasCoreModule else {
            return HostedApplication(name: name, hosting: .none, architecture: .any)
        }
        let section = try configuration.section("system.webServer/aspNetCore")
        // A model that there is not is a mistake, which is told, and keeps the application from starting.
        let inProcess = !handlers.isFirstVersion && (try? BackendSection.isInProcess(section)) == true
        let folder = FilePath.trimmed(configuration.folder ?? "")
        let program = SectionProgram(section: section, folder: folder, pool: pool, installations: installations)
        return HostedApplication(
            name: name, hosting: inProcess ? .inProcess : .outOfProcess,
            program: folder.isEmpty ? nil : try? program.find(refuses: false), folder: folder)
    }
}
