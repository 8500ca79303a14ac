import Configuration
import HostModel
import Platform
import TestSupport
import Testing

@testable import Administration

/// The state of a server of one command.
struct ExpressInstanceTests {
    @Test func aFolderOfAnyNameIsServedAtTheAddressesGiven() throws {
        let bytes = try ExpressInstance.configuration(
            folder: "/srv/a \"b\" & <c>", addresses: ["127.0.0.1", "[::1]"], port: 8081)
        let model = HostModel.build(try ServerConfiguration(bytes: bytes, path: "applicationHost.config"))
        #expect(model.problems.isEmpty)
        let site = try #require(model.sites.first)
        #expect(site.name == "Development Web Site")
        #expect(site.applications.first?.virtualDirectories.first?.physicalPath == "/srv/a \"b\" & <c>")
        #expect(site.bindings.map(\.information) == ["127.0.0.1:8081:", "[::1]:8081:"])
        #expect(model.pools.map(\.name) == ["DefaultAppPool"])
    }

    @Test func nothingIsLeftAndAKilledCommandsFolderIsRemovedByTheNext() throws {
        let base = try TemporaryFolder()
        let first = try ExpressInstance(in: base.path)
        let second = try ExpressInstance(in: base.path)
        let beginner = try ExpressInstance(in: base.path)
        #expect(first.statePath != second.statePath)
        for instance in [first, second, beginner] { try Folder.makeOwned(instance.statePath) }
        let lock = try ProcessLock.take("\(first.statePath)/master.pid")
        // The second one had its lock and was killed.
        _ = try ProcessLock.take("\(second.statePath)/master.pid")
        // Another one has made the file of its lock, and has not locked it.
        try Folder.makeEmptyFile("\(beginner.statePath)/master.pid")
        let third = try ExpressInstance(in: base.path)
        #expect(base.names.count == 3)
        withExtendedLifetime(lock) {}
        for instance in [first, beginner, third] { instance.remove() }
        #expect(base.names.isEmpty)
    }
}
