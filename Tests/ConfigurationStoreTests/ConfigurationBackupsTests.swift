import Configuration
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct ConfigurationBackupsTests {
    private let folder: TemporaryFolder
    private let backups: ConfigurationBackups

    init() throws {
        folder = try TemporaryFolder()
        backups = ConfigurationBackups(
            configuration: folder["host.config"], state: folder["state"], server: nil)
        try folder.write("host.config", ConfigurationChangeTests.configuration(site: "One"))
        try folder.write("administration.config", "<configuration/>")
    }

    @Test func aBackupComesBackAsOneChangeOfItsFiles() throws {
        try backups.add("before")
        try folder.write("host.config", ConfigurationChangeTests.configuration(site: "Two"))
        folder.remove("administration.config")
        try folder.write("redirection.config", "<configuration><!-- not in it --></configuration>")
        try backups.restoring("before", author: .unknown, tool: "hostelry backup restore").commit(
            state: folder["state"])
        #expect(try folder.text("host.config") == ConfigurationChangeTests.configuration(site: "One"))
        #expect(try folder.text("administration.config") == "<configuration/>")
        #expect(try folder.text("redirection.config") == "<configuration><!-- not in it --></configuration>")
        let newest = try ConfigurationHistory.reading(state: folder["state"])?.newest()
        #expect(newest?.comment == "restored from backup \"before\"")
    }

    @Test func theListShowsBackupsAndTheConfigurationHistory() throws {
        try backups.add("before")
        _ = try HistoryFolders(path: folder["state/history"], limit: 10)
            .update(server: Array("<configuration/>".utf8), local: folder["host.config"], state: folder["state"])
        #expect(backups.names() == ["before", "CFGHISTORY_0000000001"])
        #expect(throws: Never.self) {
            try backups.restoring("CFGHISTORY_0000000001", author: .unknown, tool: "hostelry backup restore")
        }
        try backups.delete("before")
        #expect(backups.names() == ["CFGHISTORY_0000000001"])
    }

    @Test(arguments: ["", ".", "..", "../state", "a/b", ".hidden", "CFGHISTORY_0000000009", "a\nb"])
    func namesThatLeadElsewhereAreRefused(name: String) {
        #expect(throws: ConfigurationBackups.Failure.self) { try backups.add(name) }
        #expect(throws: ConfigurationBackups.Failure.self) { try backups.delete(name) }
    }

    @Test func aBackupIsNotOverwritten() throws {
        try backups.add("before")
        #expect(throws: ConfigurationBackups.Failure.self) { try backups.add("before") }
    }

    /// Reference §6.2: schema files and redirection.config are each server's own.
    @Test func aBackupHoldsWhatIsInForceOfASharedConfiguration() throws {
        let redirection =
            "<configuration><configSections><section name=\"configurationRedirection\"/></configSections>"
            + "<configurationRedirection enabled=\"true\" path=\"\(folder["shared"])\"/></configuration>"
        try folder.write("redirection.config", redirection)
        folder.makeFolder("schema")
        try folder.write("schema/own.xml", "<configSchema/>")
        #expect(throws: ConfigurationBackups.Failure.self) { try backups.add("away") }
        #expect(backups.names() == [])
        folder.makeFolder("shared")
        let shared = ConfigurationChangeTests.configuration(site: "Shared")
        try folder.write("shared/applicationHost.config", shared)
        try backups.add("one")
        #expect(
            folder.names(in: "state/backup/one") == ["applicationHost.config", "redirection.config", "schema"])
        #expect(try folder.text("state/backup/one/applicationHost.config") == shared)
        #expect(try folder.text("state/backup/one/redirection.config") == redirection)
        #expect(try folder.text("state/backup/one/schema/own.xml") == "<configSchema/>")
        try folder.write("shared/administration.config", "<configuration a=\"shared\"/>")
        try backups.add("two")
        #expect(try folder.text("state/backup/two/administration.config") == "<configuration a=\"shared\"/>")
    }

    private func withPassword(_ password: String) -> String {
        ConfigurationChangeTests.configuration(site: "One")
            .replacing(
                "<add name=\"Main\"/>", with: "<add name=\"Main\"><processModel password=\"\(password)\"/></add>")
    }

    @Test func aBackupHoldsNoSecretInClearAndComesBackAsOneThatOpens() throws {
        try folder.write("host.config", withPassword("planted"))
        try backups.add("before")
        #expect(try !folder.text("state/backup/before/applicationHost.config").contains("planted"))
        try folder.write("host.config", withPassword("another"))
        try backups.restoring("before", author: .unknown, tool: "hostelry backup restore").commit(
            state: folder["state"])
        let server = try ServerConfiguration.read(path: folder["host.config"])
        let ring = try KeyFile(state: folder["state"]).read()
        #expect(try SecretValue.all(in: server).map { try $0.open(with: ring) } == ["planted"])
    }

    @Test func ofAFileThatMakesNoSenseThereIsNoBackup() throws {
        try folder.write("administration.config", "<configuration><add password='planted'")
        let failure = #expect(throws: ConfigurationBackups.Failure.self) { try backups.add("before") }
        #expect(failure?.description.contains("administration.config") == true)
        #expect(backups.names() == [])
    }
}
