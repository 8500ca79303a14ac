import Modules
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Which responses of the static file handler are marked: `system.webServer/caching` and all that stands in the way.
struct KernelCachePolicyTests {
    final class Keeper: CacheKeeper {
        var marked: [CacheableResponse] = []

        var hasTold: Bool { true }

        func whenTold(_ answer: @escaping () -> Void) { answer() }

        func saw(_ path: SystemPath, _ stamp: FileStamp?) {}

        func mark(_ response: CacheableResponse) -> CacheMark? {
            marked.append(response)
            return CacheMark(token: 1, seconds: response.seconds)
        }
    }

    /// For its clock every file was written long ago.
    let files = FileCache(clock: { FileStamp.now() + 1_000_000_000 })

    /// How long the answer to the third of three requests may be kept.
    func seconds(_ configuration: String, server: String = "", method: String = "GET") throws -> UInt32? {
        let keeper = Keeper()
        let host = try TestHost(
            BuiltInModules.definitions(files: files, services: TestServices()), server: server, keeper: keeper)
        try host.folder.write("www/a.txt", "content")
        try host.configure("", configuration)
        var answer: RecordingSink?
        for _ in 0..<3 {
            var request = TestRequest("/a.txt")
            request.method = method
            answer = try host.send(request)
        }
        #expect(answer?.status == 200)
        return answer?.head?.cache?.seconds
    }

    @Test
    func filesAreKeptUntilTheyChange() throws {
        #expect(try seconds("") == 30)
        #expect(try seconds("", method: "HEAD") == nil)
    }

    @Test(
        arguments: [
            ("<caching enabled=\"false\"/>", nil), ("<caching enableKernelCache=\"false\"/>", nil),
            ("<caching maxResponseSize=\"3\"/>", nil), (profile("kernelCachePolicy=\"CacheUntilChange\""), 30),
            (profile("kernelCachePolicy=\"CacheForTimePeriod\" duration=\"00:00:07\""), 7),
            (profile("kernelCachePolicy=\"DontCache\""), nil), (profile("policy=\"CacheUntilChange\""), nil),
            (profile("kernelCachePolicy=\"DisableCache\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" varyByHeaders=\"X\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" varyByQueryString=\"*\""), nil),
            (profile("kernelCachePolicy=\"DontCache\"", ".css"), 30),
            (profile("kernelCachePolicy=\"DontCache\"", "*"), nil),
            (profile("kernelCachePolicy=\"CacheForTimePeriod\" duration=\"00:00:09\"", "*"), 9),
            (profile("kernelCachePolicy=\"CacheUntilChange\" policy=\"DisableCache\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" location=\"Client\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" location=\"Downstream\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" location=\"None\""), nil),
            (profile("kernelCachePolicy=\"CacheUntilChange\" location=\"Any\""), 30),
            (profile("kernelCachePolicy=\"CacheUntilChange\" location=\"ServerAndClient\""), 30),
        ] as [(String, UInt32?)])
    func theSectionDecides(_ section: String, _ expected: UInt32?) throws {
        #expect(try seconds(section) == expected, "\(section)")
    }

    static func profile(_ attributes: String, _ name: String = ".TXT") -> String {
        "<caching><profiles><add extension=\"\(name)\" \(attributes)/></profiles></caching>"
    }

    @Test(arguments: [
        "<security><requestFiltering><requestLimits><headerLimits><add header=\"X\" sizeLimit=\"9\"/></headerLimits></requestLimits></requestFiltering></security>",
        "<security><requestFiltering><verbs><add verb=\"HEAD\" allowed=\"false\"/></verbs></requestFiltering></security>",
        "<security><requestFiltering><filteringRules><filteringRule name=\"r\" scanUrl=\"false\"><scanHeaders><add requestHeader=\"X\"/></scanHeaders><denyStrings><add string=\"evil\"/></denyStrings></filteringRule></filteringRules></requestFiltering></security>",
        "<handlers accessPolicy=\"Read, NoRemoteExecute\"/>",
        "<handlers><add name=\"Other\" path=\"*\" verb=\"HEAD\" modules=\"ProtocolSupportModule\"/></handlers>",
        "<security><authorization><add accessType=\"Allow\" users=\"*\" verbs=\"GET\"/><remove users=\"*\" roles=\"\" verbs=\"\"/></authorization></security>",
    ])
    func whatLooksAtMoreThanTheURLKeepsNothing(_ section: String) throws {
        let open =
            "<location path=\"\" overrideMode=\"Allow\"><system.webServer>\(Self.unlocked)</system.webServer></location>"
        #expect(try seconds(section, server: open) == nil)
    }

    private static let unlocked =
        "<handlers/><security><requestFiltering/><authorization/></security>"

    @Test
    func filesWithAFooterAreNotMarked() throws {
        let keeper = Keeper()
        let host = try TestHost(BuiltInModules.definitions(files: files, services: TestServices()), keeper: keeper)
        try host.folder.write("www/a.html", "content")
        try host.folder.write("www/a.txt", "content")
        try host.configure("", "<staticContent enableDocFooter=\"true\" defaultDocFooter=\"end\"/>")
        for _ in 0..<3 {
            #expect(try host.get("/a.html").text == "contentend")
            #expect(try host.get("/a.txt").text == "content")
        }
        #expect(keeper.marked.count == 2)
        #expect(keeper.marked.allSatisfy { $0.path.text.hasSuffix("a.txt") })
    }

    @Test
    func theFirstRequestIsNotMarked() throws {
        let keeper = Keeper()
        let host = try TestHost(BuiltInModules.definitions(files: files, services: TestServices()), keeper: keeper)
        try host.folder.write("www/a.txt", "content")
        #expect(try host.get("/a.txt").head?.cache == nil)
        #expect(try host.get("/a.txt").head?.cache != nil)
        #expect(keeper.marked.count == 1)
    }

    @Test
    func theThresholdIsTheSections() throws {
        let keeper = Keeper()
        let host = try TestHost(
            BuiltInModules.definitions(files: files, services: TestServices()),
            server: "<system.webServer><serverRuntime frequentHitThreshold=\"4\"/></system.webServer>", keeper: keeper)
        try host.folder.write("www/a.txt", "content")
        let marks = try (0..<5).map { _ in try host.get("/a.txt").head?.cache != nil }
        #expect(marks == [false, false, false, true, true])
    }

    @Test
    func largeFilesAndDefaultDocumentsAreNotMarked() throws {
        let keeper = Keeper()
        let host = try TestHost(BuiltInModules.definitions(files: files, services: TestServices()), keeper: keeper)
        try host.folder.write("www/index.html", "page")
        try host.folder.write("www/large.txt", bytes: Array(repeating: 97, count: 262_145))
        for _ in 0..<3 {
            #expect(try host.get("/").status == 200)
            #expect(try host.get("/large.txt").status == 200)
        }
        #expect(keeper.marked.isEmpty)
    }
}
