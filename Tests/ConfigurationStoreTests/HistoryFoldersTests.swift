import Configuration
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct HistoryFoldersTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func update(_ folders: HistoryFolders, _ text: String) throws -> [FileError] {
        try folders.update(server: Array(text.utf8), local: folder["applicationHost.config"])
    }

    /// The text in force may be a share's, which is not asked: the local file says something else.
    @Test func theServersTextIsTheOneInForceAndTheRestIsLocal() throws {
        try folder.write("applicationHost.config", "<local/>")
        try folder.write("administration.config", "<two/>")
        #expect(try update(HistoryFolders(path: folder["history"], limit: 2), "<shared/>") == [])
        #expect(try folder.text("history/CFGHISTORY_0000000001/applicationHost.config") == "<shared/>")
        #expect(try folder.text("history/CFGHISTORY_0000000001/administration.config") == "<two/>")
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
        try folder.write("schema/my_schema.xml", "<schema/>")
        let folders = HistoryFolders(path: folder["history"], limit: 2)
        for _ in 0..<2 { #expect(try update(folders, "<one/>") == []) }
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000001"])
        #expect(folder.names(in: "history/CFGHISTORY_0000000001") == ["applicationHost.config", "schema"])
        try folder.write("administration.config", "<two/>")
        #expect(try update(folders, "<one/>") == [])
        #expect(try update(folders, "<three/>") == [])
        #expect(folder.names(in: "history") == ["CFGHISTORY_0000000002", "CFGHISTORY_0000000003"])
        #expect(try folder.text("history/CFGHISTORY_0000000003/applicationHost.config") == "<three/>")
        #expect(try folder.text("history/CFGHISTORY_0000000003/administration.config") == "<two/>")
        #expect(try folder.text("history/CFGHISTORY_0000000003/schema/my_schema.xml") == "<schema/>")
    }

    @Test func anotherFolderThanTheOwnMustBeThere() throws {
        let folders = HistoryFolders(path: folder["elsewhere"], limit: 2, isOwn: false)
        #expect(throws: FileError.self) { try update(folders, "<one/>") }
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
}
