import Configuration
import HostModel
import Platform

/// What holds for an application now: its folder and its configuration, looked at on a thread that may wait.
struct ApplicationLook: Sendable {
    let identity: ApplicationManager.Identity
    let dialect: BackendSettings.Dialect
    /// The worker's variables.
    let environment: [(name: String, value: String)]
    let watch: FolderWatcher?

    struct Findings: Sendable {
        /// Whether changes of the folder are told, all of them.
        let isWatched: Bool
        let page: OfflinePage?
        /// Nil where it cannot be read.
        let configuration: PathConfiguration?
        let setup: Result<ProgramSetup, SettingsFailure>
    }

    func perform() -> Findings {
        let folder = identity.folder
        // First, so that nothing that happens behind the look is missed.
        let isWatched =
            watch?.add(folder) == true && !(SystemPath(folder.utf8).map { FileInformation.isRemote($0) } ?? true)
        let page = OfflinePage.find(inFolder: folder)
        do throws(ConfigurationError) {
            let configuration = try identity.system.configuration(
                at: ConfigurationPath(site: identity.site.name, path: identity.application.path))
            return Findings(
                isWatched: isWatched, page: page, configuration: configuration, setup: setup(configuration, folder))
        } catch {
            return Findings(
                isWatched: isWatched, page: page, configuration: nil,
                setup: .failure(SettingsFailure(error, section: dialect.section)))
        }
    }

    private func setup(_ configuration: PathConfiguration, _ folder: String) -> Result<ProgramSetup, SettingsFailure> {
        do throws(SettingsFailure) {
            let settings = try BackendSettings(reading: configuration, dialect, environment: environment)
            let place = place(configuration, folder)
            let hosted = Launcher(settings: settings, place: place, environment: environment).hostedApplication()
            return .success(
                ProgramSetup(settings: settings, place: place, hosted: hosted, stamps: configuration.fileStamps))
        } catch {
            return .failure(error)
        }
    }

    private func place(_ configuration: PathConfiguration, _ folder: String) -> ApplicationPlace {
        let site = identity.site
        var place = ApplicationPlace(
            siteName: site.name, siteID: site.id, path: identity.application.path, folder: folder,
            pool: identity.pool.name)
        place.poolConfigurationFile = identity.system.server.file.document.path
        place.is32Bit = identity.pool.enable32BitAppOnWin64
        place.bindings = site.bindings.map { .init(scheme: $0.protocol, information: $0.information) }
        place.authentication = ["windows", "basic", "anonymous"].filter { scheme in
            (try? configuration.section("system.webServer/security/authentication/\(scheme)Authentication"))?
                .bool("enabled") ?? false
        }
        place.hasWebSockets = (try? configuration.section("system.webServer/webSocket"))?.bool("enabled") ?? true
        return place
    }
}
