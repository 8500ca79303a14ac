import Configuration
import HostModel
import Platform

/// What holds for an application now: its folder and its configuration, looked at on a thread that may wait.
struct ApplicationLook: Sendable {
    let system: ConfigurationSystem
    let site: Site
    let application: Application
    let pool: ApplicationPool
    let dialect: BackendSettings.Dialect
    let watch: FolderWatcher?

    struct Findings: Sendable {
        let page: OfflinePage?
        /// Nil where it cannot be read.
        let configuration: PathConfiguration?
        let setup: Result<ProgramSetup, ProgramFailure>
    }

    func perform() -> Findings {
        let folder = self.folder
        // First, so that nothing that happens behind the look is missed.
        watch?.add(folder)
        let page = OfflinePage.find(inFolder: folder)
        let path = ConfigurationPath(site: site.name, path: application.path)
        do throws(ConfigurationError) {
            let configuration = try system.configuration(at: path)
            return Findings(page: page, configuration: configuration, setup: setup(configuration, folder))
        } catch {
            return Findings(page: page, configuration: nil, setup: .failure(.settings(SettingsFailure(error))))
        }
    }

    var folder: String {
        let path = application.virtualDirectories.first { $0.path == "/" }?.physicalPath ?? ""
        return path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private func setup(_ configuration: PathConfiguration, _ folder: String) -> Result<ProgramSetup, ProgramFailure> {
        do throws(SettingsFailure) {
            let settings = try BackendSettings(reading: configuration, dialect)
            return .success(
                ProgramSetup(settings: settings, place: place(configuration, folder), stamps: configuration.fileStamps))
        } catch {
            return .failure(.settings(error))
        }
    }

    private func place(_ configuration: PathConfiguration, _ folder: String) -> ApplicationPlace {
        var place = ApplicationPlace(
            siteName: site.name, siteID: site.id, path: application.path, folder: folder, pool: pool.name)
        place.is32Bit = pool.enable32BitAppOnWin64
        place.bindings = site.bindings.map { .init(scheme: $0.protocol, information: $0.information) }
        place.authentication = ["windows", "basic", "anonymous"].filter { scheme in
            (try? configuration.section("system.webServer/security/authentication/\(scheme)Authentication"))?
                .bool("enabled") ?? false
        }
        place.hasWebSockets = (try? configuration.section("system.webServer/webSocket"))?.bool("enabled") ?? true
        return place
    }
}
