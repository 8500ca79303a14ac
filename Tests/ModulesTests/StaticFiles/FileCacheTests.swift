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

    private let services = TestServices()

    private func place(_ name: String) throws -> (path: SystemPath, relative: SystemPath, root: SystemPath) {
        let root = "\(host.folder.path)/www"
        return (
            try #require(SystemPath(Array("\(root)/\(name)".utf8))), try #require(SystemPath(Array(name.utf8))),
            try #require(SystemPath(Array(root.utf8)))
        )
    }

    private func file(_ name: String, _ cache: FileCache) throws -> CachedFile {
        let (path, relative, root) = try place(name)
        let stamp = try FileInformation.of(path).stamp
        if let known = cache.known(path, stamp) { return known }
        let place = FilePlace(relative, beneath: root, stamp)
        return try #require(try cache.file(path, place, services) { _ in })
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

    @Test
    func aFileThatMustBeWaitedForIsReadOnceForAllWhoWait() throws {
        let cache = FileCache(clock: later, triesMemory: false)
        let (path, relative, root) = try place("a")
        let stamp = try FileInformation.of(path).stamp
        let file = FilePlace(relative, beneath: root, stamp)
        services.holdsWork = true
        var got: [CachedFile] = []
        for _ in 0..<3 {
            let read = try cache.file(path, file, services) { outcome in
                if let read = try? outcome.get() { got.append(read) }
            }
            #expect(read == nil)
        }
        #expect(cache.known(path, stamp) == nil)
        #expect(services.held.count == 1)
        services.finishWork()
        #expect(got.count == 3)
        #expect(got.allSatisfy { $0 === got[0] })
        #expect(cache.known(path, stamp) === got[0])
    }
}
