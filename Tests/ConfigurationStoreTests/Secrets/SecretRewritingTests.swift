import Configuration
import ConfigurationStore
import TestSupport
import Testing

struct SecretRewritingTests {
    private static let pool = """
        <configuration><system.applicationHost><applicationPools>
        <add name="A"><processModel password="VALUE"/></add>
        </applicationPools></system.applicationHost></configuration>
        """

    private static let redirection = """
        <configuration><configSections><section name="configurationRedirection"/></configSections>
        <configurationRedirection enabled="FLAG" path="/srv/shared" userName="u" password="VALUE"/></configuration>
        """

    @Test func allFilesOfTheServerAreSealedAnew() throws {
        let folder = try TemporaryFolder()
        var ring = KeyRing(now: 1)
        let old = HostelryAesProvider.seal("one", with: ring)
        try folder.write("applicationHost.config", Self.pool.replacing("VALUE", with: old))
        try folder.write(
            "redirection.config", Self.redirection.replacing("VALUE", with: "two").replacing("FLAG", with: "false"))
        let path = folder["applicationHost.config"]
        let clear = try SecretRewriting(.clear, configurationPath: path, with: ring)
        #expect(clear.sealed.map { $0.element.document.path } == [folder["redirection.config"]])
        #expect(clear.files.filter { $0.old != $0.new }.map(\.path) == [folder["redirection.config"]])
        ring.renew(now: 2)
        let rewriting = try SecretRewriting(.outdated, configurationPath: path, with: ring)
        #expect(rewriting.sealed.count == 2)
        #expect(rewriting.files.map(\.isServerFile) == [true, false])
        #expect(rewriting.files.allSatisfy { $0.old != $0.new })
        #expect(rewriting.lost.isEmpty)
        let lost = try SecretRewriting(.outdated, configurationPath: path, with: KeyRing(now: 3))
        #expect(lost.lost.count == 1)
    }

    @Test func aSharedFolderIsSeen() throws {
        let folder = try TemporaryFolder()
        let path = folder["applicationHost.config"]
        #expect(try SecretRewriting.sharedFolder(beside: path) == nil)
        try folder.write("redirection.config", Self.redirection.replacing("FLAG", with: "false"))
        #expect(try SecretRewriting.sharedFolder(beside: path) == nil)
        try folder.write("redirection.config", Self.redirection.replacing("FLAG", with: "true"))
        #expect(try SecretRewriting.sharedFolder(beside: path) == "/srv/shared")
    }
}
