import Modules
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Long bodies that are in memory leave as files all the same, unless the router keeps them.
struct LongBodyTests {
    /// A router that takes every file.
    final class Taker: ResponseSink {
        var head: ResponseHead?
        var bytes = 0
        var file: FileDescriptor?
        var length: Int64 = 0
        /// The state in which the file was sent, where the router had it.
        var sentAgain: FileStamp?
        let kept: FileStamp?

        init(keeping kept: FileStamp? = nil) { self.kept = kept }

        var credit: Int { .max }
        func begin(_ head: ResponseHead) { self.head = head }
        func write(_ bytes: Span<UInt8>) { self.bytes += bytes.count }
        func write(_ file: consuming FileDescriptor, _: FileStamp?, offset: Int64, length: Int64) -> FileDescriptor? {
            self.file = consume file
            self.length = length
            return nil
        }
        func keeps(_ stamp: FileStamp) -> Bool { stamp == kept }
        func write(_ stamp: FileStamp, offset: Int64, length: Int64) -> Bool {
            guard keeps(stamp) else { return false }
            sentAgain = stamp
            self.length = length
            return true
        }
        func end() {}
        func abort() {}
        func fail() {}
    }

    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("www/long.txt", bytes: Array(repeating: 0x61, count: 8192))
        try host.folder.write("www/short.txt", bytes: Array(repeating: 0x61, count: 8191))
        for _ in 0..<2 { _ = (try host.get("/long.txt"), try host.get("/short.txt")) }
    }

    private func ask(
        _ path: String, _ headers: [(String, String)] = [], method: String = "GET", keeping kept: FileStamp? = nil
    ) throws -> Taker {
        var request = TestRequest(path)
        request.method = method
        request.headers += headers
        let taker = Taker(keeping: kept)
        _ = host.begin(try request.head(), taker)
        return taker
    }

    @Test
    func aLongBodyIsHandedOver() throws {
        let answer = try ask("/long.txt")
        #expect(answer.bytes == 0)
        #expect(answer.length == 8192)
        #expect(answer.head?.contentLength == 8192)
        #expect(try ask("/short.txt").bytes == 8191)
    }

    @Test
    func whatIsNotTheWholeFileIsNot() throws {
        #expect(try ask("/long.txt", [("Range", "bytes=0-9")]).bytes == 10)
        #expect(try ask("/long.txt", method: "HEAD").length == 0)
        let tag = try #require(try host.get("/long.txt").value("etag"))
        #expect(try ask("/long.txt", [("If-None-Match", tag)]).length == 0)
    }

    @Test(arguments: [8192, 300_000])
    func aFileThatTheRouterHasIsNotHandedOver(_ size: Int) throws {
        let path = "\(host.folder.path)/www/kept.txt"
        try host.folder.write("www/kept.txt", bytes: Array(repeating: 0x62, count: size))
        let stamp = try #require(try FileStamp.of(path))
        for _ in 0..<3 {
            let answer = try ask("/kept.txt", keeping: stamp)
            #expect(answer.sentAgain == stamp && answer.length == Int64(size))
            #expect(answer.head?.contentLength == UInt64(size))
        }
        // Another state of the same file is another file.
        try host.folder.write("www/kept.txt", bytes: Array(repeating: 0x63, count: size - 1))
        let answer = try ask("/kept.txt", keeping: stamp)
        #expect(answer.sentAgain == nil && answer.length + Int64(answer.bytes) == Int64(size - 1))
    }
}
