import Crypto
import Events
import Platform
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct ConfigurationHistoryTests {
    private let folder: TemporaryFolder
    private let state: String
    private let server: String

    init() throws {
        folder = try TemporaryFolder()
        state = folder["state"]
        server = folder["applicationHost.config"]
        try Folder.makeOwned(state)
    }

    private func text(_ number: Int, secret: String = "") -> [UInt8] {
        let pool = secret.isEmpty ? "" : "<processModel userName=\"shop\" password=\"\(secret)\"/>"
        return Array(
            ConfigurationChangeTests.configuration(site: "Site \(number)", more: "<!-- \(number * 7919) -->")
                .replacing("<add name=\"Main\"/>", with: "<add name=\"Main\">\(pool)</add>").utf8)
    }

    @Test func everyTextIsReadAgainAlsoBehindWholeOnes() throws {
        let history = try ConfigurationHistory.opened(state)
        for number in 1...150 {
            let text = text(number)
            try folder.write("applicationHost.config", text)
            #expect(try history.find(text, path: server) == Int64(number))
            #expect(try history.find(text, path: server) == nil)
        }
        for number in 1...150 { #expect(try history.text(of: Int64(number)) == text(number)) }
        #expect(try history.text(of: 151) == nil)
        let whole = try history.database.value("SELECT count(*) FROM versions WHERE is_whole")
        #expect(whole == .integer(3))
    }

    @Test func noSecretStandsInAnyFileOfTheState() throws {
        let secret = "Tr0ub4dor&amp;3-planted"
        let history = try ConfigurationHistory.opened(state)
        _ = try history.find(text(1), path: server)
        _ = try history.find(text(1, secret: secret), path: server)
        _ = try history.find(text(1, secret: secret + "x"), path: server)
        try HistoryFile.backUp(state)
        let needle = Array("Tr0ub4dor".utf8)
        for name in folder.names(in: "state") {
            let bytes = try FileReader().read("\(state)/\(name)").bytes
            #expect(ByteSearch.find(needle.span, in: bytes.span, 0..<bytes.count) == nil, "\(name)")
        }
        #expect(try history.text(of: 2) == text(1, secret: secret))
        #expect(
            try history.differences(of: 3)
                == [ObjectDifference(.pool, "Main", "processModel.password", old: "********", new: "********")])
        let comparison = try #require(
            VersionComparison(
                from: text(1, secret: "before"), "a", to: text(2, secret: "after"), "b", path: server, state: state))
        #expect(comparison.text.contains("password=\"********\""))
        #expect(!comparison.text.contains("before") && !comparison.text.contains("after"))
    }

    @Test func valuesOfEnvironmentVariablesAreNotShown() throws {
        func text(_ value: String) -> [UInt8] {
            let variables = "<environmentVariables><add name=\"A\" value=\"\(value)\"/></environmentVariables>"
            let core =
                "<aspNetCore><environmentVariables><environmentVariable name=\"B\" value=\"\(value)\"/>"
                + "</environmentVariables></aspNetCore>"
            return Array(
                ConfigurationChangeTests.configuration(site: "One")
                    .replacing("<add name=\"Main\"/>", with: "<add name=\"Main\">\(variables)</add>")
                    .replacing(
                        "</configuration>", with: "<system.webServer>\(core)</system.webServer></configuration>"
                    ).utf8)
        }
        let shown = try #require(ShownText.of(text("pl4nted"), path: server, state: state))
        #expect(String(decoding: shown, as: UTF8.self) == String(decoding: text("********"), as: UTF8.self))
        let comparison = try #require(
            VersionComparison(from: text("before"), "a", to: text("after"), "b", path: server, state: state))
        #expect(comparison.text.isEmpty)
        #expect(!comparison.objects.contains { "\($0)".contains("before") || "\($0)".contains("after") })
    }

    @Test func withoutItsKeyTheHistoryGoesOnWithAWholeText() throws {
        let history = try ConfigurationHistory.opened(state)
        _ = try history.find(text(1), path: server)
        _ = try history.find(text(2), path: server)
        folder.remove("state/history.key")
        let next = try ConfigurationHistory.opened(state)
        #expect(try next.text(of: 2) == nil)
        #expect(try next.find(text(3), path: server) == 3)
        #expect(try next.text(of: 3) == text(3))
    }

    @discardableResult
    private func change(to text: [UInt8]) throws -> Int64 {
        let old = try DocumentFile(server).read()?.bytes
        return try ConfigurationChange(
            files: [FileChange(server, expected: .init(old), content: text, isServerFile: true)],
            author: .unknown, tool: "hostelry test", comment: ""
        ).commit(state: state)
    }

    /// 1 is in force, 2 is saved, and the server reads it; before it tells of it, commands have changed it to 3 and 4.
    @Test func whatChangesHavePassedMeanwhileIsNotRecordedAgain() throws {
        let history = try ConfigurationHistory.opened(state)
        func applied(_ number: Int, after last: Int64?) throws -> AppliedVersion {
            try history.applied(text(number), path: server, after: last)
        }
        try folder.write("applicationHost.config", text(1))
        #expect(try applied(1, after: nil) == AppliedVersion(number: 1, isNew: true))
        try folder.write("applicationHost.config", text(2))
        try change(to: text(3))
        try change(to: text(4))
        #expect(try applied(2, after: 1) == AppliedVersion(number: 2, isNew: false))
        #expect(try applied(4, after: 2) == AppliedVersion(number: 4, isNew: false))
        #expect(try history.versions().map(\.tool) == ["hostelry test", "hostelry test", "file", "file"])
        // Now somebody does put an earlier one back.
        #expect(try applied(2, after: 4) == AppliedVersion(number: 5, isNew: true))
        #expect(try applied(1, after: 5) == AppliedVersion(number: 6, isNew: true))
    }

    /// While the server did not run.
    @Test func whatIsPutBackBeforeAServerStartsIsRecorded() throws {
        try folder.write("applicationHost.config", text(1))
        try change(to: text(2))
        let history = try ConfigurationHistory.opened(state)
        #expect(
            try history.applied(text(1), path: server, after: nil) == AppliedVersion(number: 3, isNew: true))
    }

    @Test func withoutItsKeyChangesAreReadAgainToo() throws {
        try folder.write("applicationHost.config", text(1))
        #expect(try change(to: text(2)) == 2)
        folder.remove("state/history.key")
        #expect(try change(to: text(3)) == 3)
        #expect(try change(to: text(4)) == 4)
        let history = try ConfigurationHistory.opened(state)
        #expect(try history.text(of: 2) == nil)
        #expect(try history.text(of: 3) == text(3))
        #expect(try history.text(of: 4) == text(4))
    }

    @Test func aDamagedHistoryIsSetAsideAndItsBackupTakesItsPlace() throws {
        do {
            let history = try ConfigurationHistory.opened(state)
            _ = try history.find(text(1), path: server)
        }
        try HistoryFile.backUp(state)
        try folder.write("state/history.db", Array(repeating: 0x5A, count: 8192))
        var told: [String] = []
        let history = try ConfigurationHistory.opened(state) { told.append($0.text) }
        #expect(told.count == 2)
        #expect(try history.text(of: 1) == text(1))
        #expect(folder.names(in: "state").contains { $0.hasPrefix("history.db.damaged-") })
    }

    /// Else the next backup would put an empty history over the last one.
    @Test func aHistoryThatIsGoneComesBackForReadersAndWriters() throws {
        do {
            let history = try ConfigurationHistory.opened(state)
            _ = try history.find(text(1), path: server)
        }
        try HistoryFile.backUp(state)
        folder.remove("state/history.db")
        #expect(try ConfigurationHistory.reading(state: state)?.text(of: 1) == text(1))
        folder.remove("state/history.db")
        var told: [EventKind] = []
        #expect(try ConfigurationHistory.opened(state) { told.append($0.kind) }.text(of: 1) == text(1))
        #expect(told == [.historyRestored])
    }

    @Test func aHistoryOfANewerVersionIsLeftAlone() throws {
        do {
            let history = try ConfigurationHistory.opened(state)
            _ = try history.find(text(1), path: server)
            try history.database.execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = try FileReader().read("\(state)/history.db").bytes
        #expect(throws: ChangeError.self) { try ConfigurationHistory.opened(state) }
        #expect(throws: ConfigurationHistory.Unreadable.self) { try ConfigurationHistory.reading(state: state) }
        #expect(try FileReader().read("\(state)/history.db").bytes == before)
    }

    @Test func aDeltaIsSmallHoweverFarApartItsChangesAre() throws {
        let lines = (0..<20_000).map { "<site name=\"S\($0)\" id=\"\($0)\" more=\"\($0 &* 2_654_435_761)\"/>\n" }
        let old = Array(lines.joined().utf8)
        let new = Array("<first/>".utf8) + old + Array("<last/>".utf8)
        let delta = try TextDelta(from: old, to: new)
        var text = old
        #expect(delta.apply(to: &text) && text == new)
        #expect(delta.middle.count < 300)
        text = Array(old.dropLast(9))
        #expect(!delta.apply(to: &text) || text != new)
    }
}
