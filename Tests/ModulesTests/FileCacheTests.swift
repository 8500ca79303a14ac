import PipelineTesting
import Platform
import Testing

@testable import Modules
@testable import Pipeline

struct FileCacheTests {
    let host: TestHost

    init() throws {
        host = try TestHost([])
        for name in ["a", "b", "c"] { try host.folder.write("www/\(name)", String(repeating: name, count: 1000)) }
    }

    private func file(_ name: String, _ cache: FileCache) throws -> CachedFile {
        let path = Array("/\(name)".utf8)
        let found = host.resolver.resolve(site: 1, path: path.span, now: host.now)
        let resolution = try #require(found)
        let physicalPath = try #require(resolution.physicalPath)
        return try cache.file(resolution, FileInformation.of(physicalPath))
    }

    /// A clock long after every file was written.
    private func later() -> Int64 { FileStamp.now() + 3_600_000_000_000 }

    @Test
    func aFileIsRememberedWhileItStaysTheSame() throws {
        let cache = FileCache(clock: later)
        let first = try file("a", cache)
        #expect(try file("a", cache) === first)
        try host.folder.write("www/a", "new")
        #expect(try file("a", cache) !== first)
    }

    @Test
    func aFileThatWasWrittenAMomentAgoIsNotRemembered() throws {
        let cache = FileCache(clock: { 0 })
        #expect(try file("a", cache) !== file("a", cache))
    }

    @Test
    func theCacheNeverHoldsMoreThanItsCapacityAndSparesWhatIsUsed() throws {
        // Each file costs 1000 bytes and 512 besides: two have room.
        let cache = FileCache(capacity: 3100, clock: later)
        let (a, b) = (try file("a", cache), try file("b", cache))
        #expect(try file("a", cache) === a)
        let c = try file("c", cache)
        #expect(try file("a", cache) === a)
        #expect(try file("c", cache) === c)
        #expect(try file("b", cache) !== b)
    }

    @Test
    func aLargeFileIsNotRemembered() throws {
        let cache = FileCache(clock: later)
        try host.folder.write("www/large", bytes: Array(repeating: 1, count: 262_145))
        #expect(try file("large", cache) !== file("large", cache))
    }
}
