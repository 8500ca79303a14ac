import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

/// What is done about a change whose files, on a share, are away when somebody comes after the crash.
@Suite struct IntentRecoveryTests {
    private let folder: TemporaryFolder
    private let state: String
    private let share: SharedFolder
    private let old = "<configuration/>"
    private let new = "<configuration><!-- new --></configuration>"

    init() throws {
        folder = try TemporaryFolder()
        state = folder["state"]
        share = SharedFolder(folder["share"])
        folder.makeFolder("share")
        try folder.write("share/applicationHost.config", old)
        try folder.write("share/administration.config", old)
    }

    /// A crash behind the first of the change's files.
    private func crash(_ files: [String]) throws -> ChangeRecord {
        var record = ChangeRecord(
            ConfigurationChange(
                files: files.enumerated().map { index, path in
                    FileChange(
                        path, expected: .init(Array(old.utf8)), content: Array(new.utf8), isServerFile: index == 0)
                }, author: .unknown, tool: "hostelry test", comment: ""))
        for index in record.files.indices { record.files[index].old = Array(old.utf8) }
        let intent = try IntentFile.open(in: state)
        let history = try ConfigurationHistory.opened(state)
        _ = try history.find(Array(old.utf8), path: files[0])
        record.number = try history.begin(record)
        try intent.write(record.withoutNeedlessContents)
        try folder.write("share/applicationHost.config", new)
        return record
    }

    private func isUnfinished(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch ChangeError.unfinished(let reason) {
            return reason.contains(folder.path)
        } catch {
            return false
        }
    }

    @Test(arguments: [1, 2])
    func aChangeWaitsForAShareThatIsNotMountedAndIsFinishedWhenItIs(count: Int) throws {
        let paths = [share.serverFile, share.administrationFile].prefix(count)
        let record = try crash(Array(paths))
        folder.rename("share", to: "away")
        folder.makeFolder("share")
        for _ in 0..<2 { #expect(isUnfinished { try IntentRecovery.finish(state: state) }) }
        #expect(folder.names(in: "share") == [])
        // Nothing else is changed meanwhile, either.
        let other = ConfigurationChange(
            files: [FileChange(folder["other"], expected: .absent, content: [])], author: .unknown, tool: "",
            comment: "")
        #expect(isUnfinished { try other.commit(state: state) })
        #expect(!folder.names.contains("other"))
        #expect(try FileReader().read(folder["state/intent"]).bytes.isEmpty == false)
        folder.rename("away", to: "share")
        #expect(try IntentRecovery.finish(state: state) == .finished(version: record.number))
        for path in paths { #expect(try FileReader().read(path).bytes == Array(new.utf8)) }
        let newest = try #require(try ConfigurationHistory.reading(state: state)?.newest())
        #expect(newest.number == record.number && newest.tool == "hostelry test")
    }

    /// The server leaves the folder for good: nothing of it keeps the local files from being changed.
    @Test func aChangeOfTheSharesFilesIsGivenUpWithTheShare() throws {
        _ = try crash([share.serverFile])
        folder.rename("share", to: "away")
        #expect(isUnfinished { _ = try IntentRecovery.giveUp(in: SharedFolder(folder["sha"]), state: state) })
        #expect(try IntentRecovery.giveUp(in: share, state: state))
        #expect(try !IntentRecovery.giveUp(in: share, state: state))
        #expect(try IntentRecovery.finish(state: state) == .nothing)
        #expect(try ConfigurationHistory.reading(state: state)?.newest()?.tool == "file")
    }

    @Test func aChangeThatCanBeFinishedIsNotGivenUp() throws {
        let record = try crash([share.serverFile])
        #expect(try !IntentRecovery.giveUp(in: share, state: state))
        #expect(try ConfigurationHistory.reading(state: state)?.newest()?.number == record.number)
    }
}
