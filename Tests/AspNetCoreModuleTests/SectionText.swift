import AspNetCoreModule
import Configuration
import TestSupport

/// Settings as they are read of a web.config with one section.
enum SectionText {
    /// - Parameter section: `<aspNetCore …/>` or `<httpPlatform …/>`.
    static func read(
        _ section: String, _ dialect: BackendSettings.Dialect = .aspNetCore,
        environment: [(name: String, value: String)] = []
    ) throws -> BackendSettings {
        try BackendSettings(reading: configuration(section), dialect, environment: environment)
    }

    /// The text of the failure that reading the section ends in; nil where it is read.
    static func failure(
        _ section: String, _ dialect: BackendSettings.Dialect = .aspNetCore,
        environment: [(name: String, value: String)] = []
    ) throws -> SettingsFailure? {
        do {
            _ = try read(section, dialect, environment: environment)
            return nil
        } catch let failure as SettingsFailure {
            return failure
        }
    }

    static func configuration(_ section: String) throws -> PathConfiguration {
        let folder = try TemporaryFolder()
        try folder.write(
            "web.config", "<configuration>\n<system.webServer>\n\(section)\n</system.webServer>\n</configuration>")
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        return try WebConfigFile.configuration(of: folder["web.config"], below: server)
    }
}
