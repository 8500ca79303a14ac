import Configuration
import Glibc
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct HistoryFoldersTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func update(_ folders: HistoryFolders, _ text: String) throws -> [FileError] {
        try folders.update(server: Array(text.utf8), local: folder["applicationHost.config"], state: folder["state"])
    }

    private func configuration(_ word: String) -> String { "<configuration><!-- \(word) --></configuration>" }

    /// The text in force may be a share's, which is not asked: the local file says something else.
    @Test func theServersTextIsTheOneInForceAndTheRestIsLocal() throws {
        try folder.write("applicationHost.config", configuration("local"))
        try folder.write("administration.config", configuration("two"))
        #expect(try update(HistoryFolders(path: folder["history"], limit: 2), configuration("shared")) == [])
        #expect(try folder.text("history/CFGHISTORY_0000000001/applicationHost.config") == configuration("shared"))
        #expect(try folder.text("history/CFGHISTORY_0000000001/administration.config") == configuration("two"))
    }

    /// Reference §6.4: ten digits, the oldest goes before a new one is made.
    @Test func theOldestFoldersMakeRoomForTheNextNumber() {
        let names = [
            "CFGHISTORY_0000000003", "CFGHISTORY_0000000001", "notes", "CFGHISTORY_0000000002", "CFGHISTORY_x",
        ]
        let step = HistoryFolders.step(among: names, limit: 3)
        #expect(step.removed == ["CFGHISTORY_0000000001"])
        #expect(step.made == "CFGHISTORY_0000000004")
        #expect(HistoryFolders.step(among: [], limit: 10).made == "CFGHISTORY_0000000001")
        #expect(HistoryFolders.step(among: names, limit: 1).removed.count == 3)
    }

    @Test func aFolderIsMadeWhereAFileDiffersFromTheNewestOne() throws {
        try Folder.make(folder["schema"])
        try folder.write("schema/my_schema.xml", "<configSchema/>")
        let folders = HistoryFolders(path: folder["history"], limit: 2)
        for _ in 0..<2 { #expect(try update(folders, configuration("one")) == []) }
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000001"])
        #expect(folder.names(in: "history/CFGHISTORY_0000000001") == ["applicationHost.config", "schema"])
        try folder.write("administration.config", configuration("two"))
        #expect(try update(folders, configuration("one")) == [])
        #expect(try update(folders, configuration("three")) == [])
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000002", "CFGHISTORY_0000000003"])
        #expect(try folder.text("history/CFGHISTORY_0000000003/applicationHost.config") == configuration("three"))
        #expect(try folder.text("history/CFGHISTORY_0000000003/administration.config") == configuration("two"))
        #expect(try folder.text("history/CFGHISTORY_0000000003/schema/my_schema.xml") == "<configSchema/>")
    }

    @Test func anotherFolderThanTheOwnMustBeThere() throws {
        let folders = HistoryFolders(path: folder["elsewhere"], limit: 2, isOwn: false)
        #expect(throws: FileError.self) { try update(folders, configuration("one")) }
        #expect(folder.names == [])
    }

    @Test(arguments: [#"%SystemDrive%\inetpub\history"#, "%HOSTELRY_STATE%/history"])
    func aPathOfWindowsStandsForTheStatesOwn(path: String) throws {
        let written = "<configHistory path=\"\(path)\" maxHistories=\"3\" period=\"00:00:10\"/>"
        let server = try ServerConfiguration(
            bytes: Array(
                "<configuration><system.applicationHost>\(written)</system.applicationHost></configuration>".utf8),
            path: "/etc/hostelry/applicationHost.config", variables: ["HOSTELRY_STATE": "/var/lib/hostelry"])
        let folders = HistoryFolders(server, state: "/var/lib/hostelry")
        #expect(folders == HistoryFolders(path: "/var/lib/hostelry/history", limit: 3, period: 10_000_000_000))
    }

    private func withPassword(_ text: String) -> String {
        """
        <?xml version="1.0"?><!-- kept -->
        <configuration><system.applicationHost><applicationPools>
            <add   name='A'><processModel userName="u" password="\(text)"/></add>
        </applicationPools></system.applicationHost></configuration>
        """
    }

    @Test func whatStandsInClearIsSealedInTheCopyAndNothingElseIsDifferent() throws {
        let folders = HistoryFolders(path: folder["history"], limit: 9)
        #expect(try update(folders, withPassword("planted")) == [])
        let copy = try folder.text("history/CFGHISTORY_0000000001/applicationHost.config")
        let start = try #require(copy.ranges(of: "[enc:").first)
        let end = try #require(copy.ranges(of: ":enc]").first)
        let sealed = String(copy[start.lowerBound..<end.upperBound])
        let ring = try #require(try KeyFile(state: folder["state"]).read())
        #expect(try HostelryAesProvider.open(sealed, with: ring) == "planted")
        #expect(copy == withPassword(sealed))
        // The same file makes no other folder, however often it is looked at; another password does.
        #expect(try update(folders, withPassword("planted")) == [])
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000001"])
        #expect(try update(folders, withPassword("other")) == [])
        #expect(folder.names(in: "history").count == 2)
        // What is sealed already is copied as it is.
        #expect(try update(folders, withPassword(sealed)) == [])
        #expect(try folder.text("history/CFGHISTORY_0000000003/applicationHost.config") == withPassword(sealed))
        for name in folder.names(in: "history") {
            #expect(try folder.status("history/\(name)/applicationHost.config").st_mode & 0o777 == 0o600)
        }
    }

    /// Nobody can tell what is secret in it.
    @Test func anAdministrationConfigThatMakesNoSenseIsLeftOut() throws {
        try folder.write("administration.config", "<configuration><add password='planted'")
        let folders = HistoryFolders(path: folder["history"], limit: 9)
        for _ in 0..<2 { #expect(try update(folders, configuration("one")) == []) }
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000001"])
        #expect(folder.names(in: "history/CFGHISTORY_0000000001") == ["applicationHost.config"])
    }

    @Test func withoutAUsableKeyNothingThatIsSecretIsCopied() throws {
        folder.makeFolder("state")
        try folder.write("state/keys", "nonsense")
        let folders = HistoryFolders(path: folder["history"], limit: 9)
        #expect(throws: (any Error).self) { try update(folders, withPassword("planted")) }
        #expect(folder.names(in: "history") == [])
        #expect(try update(folders, configuration("one")) == [])
    }
}
