import PipelineTesting
import Platform
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

    /// A host with an application whose names are written in any case of letters.
    private func hostOfAnyCase() throws -> TestHost {
        let host = try TestHost(
            [],
            applications: """
                <application path="/win" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="FOLDER/win" caseSensitive="false"/>
                </application>
                """)
        try host.folder.write("win/Page.txt", "")
        try host.folder.write("www/page.txt", "")
        return host
    }

    private func isAnswered(_ host: TestHost, _ path: String) -> Bool {
        let bytes = Array(path.utf8)
        return switch host.resolver.answer(site: 1, path: bytes.span, now: host.now) {
        case .resolved: true
        case .unseen: false
        }
    }

    @Test
    func howFoldersSpellAPathIsLookedAtAgainWhereWaitingHarmsNobody() throws {
        let host = try hostOfAnyCase()
        for path in ["/win/page.txt", "/page.txt"] {
            #expect(!isAnswered(host, path))
            _ = try resolve(host, path)
            #expect(isAnswered(host, path))
        }
        host.waitForRecheck()
        #expect(!isAnswered(host, "/win/page.txt"))
        #expect(isAnswered(host, "/page.txt"))
        _ = try resolve(host, "/win/page.txt")
        #expect(isAnswered(host, "/win/page.txt"))
    }

    @Test
    func whereATextWouldLieIsSaidAsItIsWritten() throws {
        let host = try hostOfAnyCase()
        let path = Array("/win/page.txt".utf8)
        #expect(host.resolver.physicalPath(site: 1, path: path.span)?.text == "\(host.folder.path)/win/page.txt")
        #expect(try resolve(host, "/win/page.txt").physicalPath?.text == "\(host.folder.path)/win/Page.txt")
    }
}
