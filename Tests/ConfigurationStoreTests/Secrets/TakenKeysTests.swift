import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

/// Keys that come with a shared configuration.
@Suite struct TakenKeysTests {
    private let folder: TemporaryFolder
    private let file: KeyFile

    init() throws {
        folder = try TemporaryFolder()
        file = KeyFile(state: folder["state"])
    }

    private func names() throws -> [String]? { try file.read()?.entries.map(\.name) }

    @Test func theyOpenButDoNotSealUntilTheyAreAdopted() throws {
        let own = try file.readOrMake()
        let incoming = KeyRing(now: 7)
        _ = try file.take(incoming)
        #expect(try names() == [incoming.entries[0].name, own.entries[0].name])
        try file.edit { $0.adopt(incoming) }
        #expect(try names() == [own.entries[0].name, incoming.entries[0].name])
    }

    @Test func takenBackTheyLeaveWhatWasThereBefore() throws {
        let own = try file.readOrMake()
        var incoming = KeyRing(now: 7)
        incoming.add(own)
        let takeBack = try file.take(incoming)
        // A rotation meanwhile.
        let later = try file.edit { $0.renew(now: 8) }
        try takeBack()
        #expect(try names() == [own.entries[0].name, later.entries[later.entries.count - 1].name])
    }

    @Test func takenBackWhereThereWereNoneTheyLeaveNoFile() throws {
        let takeBack = try file.take(KeyRing(now: 7))
        #expect(folder.names(in: "state") == ["keys"])
        try takeBack()
        #expect(folder.names(in: "state") == [])
    }

    @Test func othersThatCameMeanwhileStay() throws {
        let takeBack = try file.take(KeyRing(now: 7))
        let later = try file.edit { $0.renew(now: 8) }
        try takeBack()
        #expect(try names() == later.entries.map(\.name))
    }
}
