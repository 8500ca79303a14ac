import Crypto
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct ConfigurationChangeTests {
    private let folder: TemporaryFolder
    private let state: String
    private let server: String
    private let other: String

    init() throws {
        folder = try TemporaryFolder()
        state = folder["state"]
        server = folder["applicationHost.config"]
        other = folder["redirection.config"]
        try folder.write("applicationHost.config", Self.configuration(site: "One"))
    }

    static func configuration(site name: String, more: String = "") -> String {
        """
        <configuration>
            <system.applicationHost>
                <applicationPools><add name="Main"/></applicationPools>
                <sites>
                    <site name="\(name)" id="1">
                        <application path="/" applicationPool="Main">
                            <virtualDirectory path="/" physicalPath="/srv"/>
                        </application>
                        <bindings><binding protocol="http" bindingInformation="*:8080:"/></bindings>
                    </site>\(more)
                </sites>
            </system.applicationHost>
        </configuration>

        """
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func change(to text: String, _ more: [FileChange] = [], comment: String = "why") throws
        -> ConfigurationChange
    {
        let old = try DocumentFile(server).read()?.bytes
        return ConfigurationChange(
            files: [FileChange(server, expected: .init(old), content: bytes(text), isServerFile: true)] + more,
            author: ChangeAuthor(user: 1000, name: "anna"), tool: "hostelry test", comment: comment)
    }

    private func versions() throws -> [ConfigurationVersionRecord] {
        try ConfigurationHistory.reading(state: state)?.versions() ?? []
    }

    @Test func aChangeReplacesTheFileAndIsAVersionBehindTheOneItFound() throws {
        let text = Self.configuration(site: "Two")
        let number = try change(to: text).commit(state: state)
        #expect(number == 2)
        #expect(try folder.text("applicationHost.config") == text)
        let all = try versions()
        #expect(all.map(\.number) == [2, 1])
        #expect(all.map(\.tool) == ["hostelry test", "file"])
        #expect(all.map(\.comment) == ["why", ""])
        #expect(all[0].author == ChangeAuthor(user: 1000, name: "anna"))
        #expect(all[1].author.user == CurrentProcess.user)
        #expect(all[0].oldHash == all[1].newHash)
        #expect(all[0].newHash == SHA256.hash(bytes(text)))
        let history = try #require(try ConfigurationHistory.reading(state: state))
        #expect(try history.text(of: 1) == bytes(Self.configuration(site: "One")))
        #expect(try history.text(of: 2) == bytes(text))
        #expect(
            try history.differences(of: 2) == [ObjectDifference(.site, "Two", "name", old: "One", new: "Two")])
        #expect(try FileReader().read(folder["state/intent"]).bytes.isEmpty)
    }

    @Test func aFileThatWasChangedMeanwhileIsLeftAlone() throws {
        let change = try change(to: Self.configuration(site: "Two"))
        let saved = Self.configuration(site: "Another")
        try folder.write("applicationHost.config", saved)
        #expect(throws: ChangeError.changed(path: server)) { try change.commit(state: state) }
        #expect(try folder.text("applicationHost.config") == saved)
        #expect(try versions().isEmpty)
    }

    @Test func severalFilesAreMadeChangedAndRemovedTogether() throws {
        try folder.write("administration.config", "<configuration/>")
        let third = folder["administration.config"]
        let text = Self.configuration(site: "Two")
        try change(
            to: text,
            [
                FileChange(other, expected: .absent, content: bytes("<new/>"), creationMode: 0o600),
                FileChange(third, expected: .init(bytes("<configuration/>")), content: nil),
            ]
        ).commit(state: state)
        #expect(try folder.text("applicationHost.config") == text)
        #expect(try folder.text("redirection.config") == "<new/>")
        #expect(try DocumentFile(third).read() == nil)
        let history = try #require(try ConfigurationHistory.reading(state: state))
        #expect(try history.otherFiles(of: 2) == [third, other])
        #expect(folder.names.filter { $0.hasPrefix(".") } == [])
    }

    @Test func whenALaterFileCannotBeWrittenTheEarlierOnesAreAsTheyWere() throws {
        let old = try folder.text("applicationHost.config")
        let away = folder["missing/redirection.config"]
        let change = try change(
            to: Self.configuration(site: "Two"), [FileChange(away, expected: .absent, content: bytes("<new/>"))])
        #expect(throws: ChangeError.self) { try change.commit(state: state) }
        #expect(try folder.text("applicationHost.config") == old)
        #expect(try versions().map(\.tool) == ["file"])
        #expect(try IntentRecovery.finish(state: state) == .nothing)
    }

    /// What a crash may leave: every combination of two files that are old or new, with the intent beside them.
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func theNextOneFinishesWhatACrashLeft(isFirstNew: Bool, isSecondNew: Bool) throws {
        let (old, new) = (try folder.text("applicationHost.config"), Self.configuration(site: "Two"))
        try change(to: old + "\n").commit(state: state)
        try folder.write("applicationHost.config", old)
        var record = ChangeRecord(
            try change(to: new, [FileChange(other, expected: .absent, content: bytes("<new/>"))]))
        record.files[0].old = bytes(old)
        do {
            let history = try ConfigurationHistory.opened(state)
            _ = try history.find(bytes(old), path: server)
            record.number = try history.begin(record)
            let intent = try IntentFile.open(in: state)
            try intent.write(record)
        }
        if isFirstNew { try folder.write("applicationHost.config", new) }
        if isSecondNew { try folder.write("redirection.config", "<new/>") }
        let outcome = try IntentRecovery.finish(state: state)
        if isFirstNew {
            #expect(outcome == .finished(version: record.number))
            #expect(try folder.text("applicationHost.config") == new)
            #expect(try folder.text("redirection.config") == "<new/>")
            #expect(try versions().first?.number == record.number)
        } else {
            #expect(outcome == .undone(tool: "hostelry test"))
            #expect(try folder.text("applicationHost.config") == old)
            #expect(try DocumentFile(other).read() == nil)
            #expect(try versions().first?.newHash == SHA256.hash(bytes(old)))
        }
        #expect(try IntentRecovery.finish(state: state) == .nothing)
    }

    @Test func anIntentThatWasOnlyToBeEmptiedUndoesNothing() throws {
        let old = try folder.text("applicationHost.config")
        var record = ChangeRecord(
            try change(
                to: Self.configuration(site: "Two"), [FileChange(other, expected: .absent, content: bytes("<a/>"))]))
        record.number = try change(
            to: Self.configuration(site: "Two"), [FileChange(other, expected: .absent, content: bytes("<a/>"))]
        ).commit(state: state)
        // Going on from there: the first file is old again, the second one is still what the change made of it.
        try change(to: old).commit(state: state)
        do { try IntentFile.open(in: state).write(record) }
        #expect(try IntentRecovery.finish(state: state) == .finished(version: record.number))
        #expect(try folder.text("applicationHost.config") == old)
        #expect(try folder.text("redirection.config") == "<a/>")
    }

    @Test func aChangeThatWasHandedOverIsTheSameOne() throws {
        let change = try change(
            to: Self.configuration(site: "Two"), [FileChange(other, expected: .absent, content: nil)])
        try Folder.makeOwned(state)
        let name = try StagedChange.put(change, state: state)
        #expect(try StagedChange.take("../intent", by: .unknown, state: state) == nil)
        #expect(try StagedChange.take(name, by: change.author, state: state) == change)
        #expect(try StagedChange.take(name, by: change.author, state: state) == nil)
    }

    @Test func aChangeThatNobodyTookIsTakenBack() throws {
        try Folder.makeOwned(state)
        let name = try StagedChange.put(try change(to: Self.configuration(site: "Two")), state: state)
        StagedChange.remove(name, state: state)
        #expect(folder.names(in: "state/changes") == [])
        #expect(try StagedChange.take(name, by: .unknown, state: state) == nil)
    }
}
