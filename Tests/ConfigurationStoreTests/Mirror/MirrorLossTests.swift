import HostModel
import Platform
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite("A mirror that is removed")
struct MirrorLossTests {
    private let folder: TemporaryFolder
    private let keeper: MirrorKeeper
    private let version: HostConfiguration

    init() throws {
        folder = try TemporaryFolder()
        keeper = MirrorKeeper(state: folder.path, busyTimeout: .milliseconds(1))
        try folder.write(
            "a.config",
            "<configuration><system.applicationHost><applicationPools><add name=\"A\"/></applicationPools></system.applicationHost></configuration>"
        )
        version = try HostConfiguration.read(path: folder["a.config"])
        keeper.offer(version)
        _ = keeper.work()
    }

    private func pools() throws -> SQLValue? {
        try StoreFile.mirror(state: folder.path).read().database.value("SELECT group_concat(name) FROM pools")
    }

    @Test func oneThatIsThereIsLeftAsItIs() {
        keeper.check(version)
        guard case .nothing = keeper.work() else { return #expect(Bool(false)) }
    }

    @Test func oneThatIsGoneIsMadeAgainWithoutAChange() throws {
        for name in folder.names where name.hasPrefix("mirror") { folder.remove(name) }
        keeper.check(version)
        guard case .mirrored([.made]) = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "A")
    }

    @Test func anotherOneInItsPlaceIsWrittenWithoutAChange() throws {
        for name in folder.names where name.hasPrefix("mirror") { folder.remove(name) }
        _ = try StoreFile.mirror(state: folder.path).open()
        keeper.check(version)
        guard case .mirrored = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "A")
    }
}
