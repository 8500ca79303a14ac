import PipelineTesting
import Testing

@testable import Pipeline

struct PathResolverTests {
    private func resolve(_ host: TestHost, _ path: String) throws -> Resolution {
        let bytes = Array(path.utf8)
        let resolution = host.resolver.resolve(site: 1, path: bytes.span, now: host.now)
        return try #require(resolution)
    }

    @Test
    func foldersWhereTheSameHoldsShareTheirSettings() throws {
        let host = try TestHost([])
        try host.folder.write("www/a/x.txt", "")
        try host.folder.write("www/b/x.txt", "")
        try host.configure("c", "<handlers><clear/></handlers>")
        let (a, b, c) = (try resolve(host, "/a/x.txt"), try resolve(host, "/b/x.txt"), try resolve(host, "/c/x.txt"))
        #expect(a.settings != nil)
        #expect(a.settings === b.settings)
        #expect(c.settings != nil)
        #expect(a.settings !== c.settings)
    }

    @Test
    func aResolutionIsRememberedWhileNothingChanges() throws {
        let host = try TestHost([])
        try host.folder.write("www/a/x.txt", "")
        let first = try resolve(host, "/a/x.txt")
        host.waitForRecheck()
        #expect(try resolve(host, "/a/x.txt") === first)
        try host.configure("a", "<handlers><clear/></handlers>")
        // Not looked at again yet.
        #expect(try resolve(host, "/a/x.txt") === first)
        host.waitForRecheck()
        #expect(try resolve(host, "/a/x.txt") !== first)
    }
}
