import PipelineTesting
import Platform
import Testing
import Wire

/// Long files, which the worker hands over instead of their bytes.
struct HandedFileTests {
    let driver: WorkerDriver
    let content = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    init() throws {
        driver = try WorkerDriver()
        try driver.folder.write("www/large.bin", bytes: content)
        try driver.folder.write("www/small.bin", bytes: Array(content.prefix(8191)))
        try driver.configure()
    }

    @Test
    func aLargeFileIsHandedOverAsLongAsTheRouterTakesFiles() throws {
        let link = try driver.link(window: 1 << 20, maximumFiles: 1)
        link.send(TestRequest("/large.bin"), stream: 1)
        #expect(driver.wait { link[1].hasEnded })
        #expect(link[1].file == FilePart(offset: 0, length: 500_000) && link[1].body.isEmpty)
        var bytes: [UInt8] = []
        if let file = link.takeFile() { _ = try file.read(content.count, at: 0, into: &bytes) }
        #expect(bytes == content)
        link.send(TestRequest("/large.bin"), stream: 2)
        #expect(driver.wait { link[2].hasEnded })
        #expect(link[2].file == nil && link[2].body == content)
        // No more leave than was agreed, whatever the router says.
        link.filesDone(1_000_000)
        for stream: UInt32 in 3...4 { link.send(TestRequest("/large.bin"), stream: stream) }
        #expect(driver.wait { link[3].hasEnded && link[4].hasEnded })
        #expect(link[3].file != nil && link[4].file == nil && link[4].body == content)
    }

    private func keepNothingInTheRoutersCache() throws {
        try driver.folder.write(
            "www/web.config",
            "<configuration><system.webServer><caching enableKernelCache=\"false\"/></system.webServer></configuration>"
        )
    }

    @Test(arguments: ["/large.bin", "/medium.bin"])
    func aFileThatIsSentAgainIsKeptByTheRouter(_ path: String) throws {
        let size = path == "/large.bin" ? content.count : 100_000
        try driver.folder.write("www/medium.bin", bytes: Array(content.prefix(size)))
        try keepNothingInTheRoutersCache()
        let link = try driver.link(window: 1 << 20, maximumFiles: 8)
        for stream: UInt32 in 1...4 {
            link.send(TestRequest(path), stream: stream)
            #expect(driver.wait { link[stream].hasEnded })
            #expect(link[stream].body.isEmpty && link[stream].head?.contentLength == UInt64(size))
        }
        let part = FilePart(offset: 0, length: Int64(size))
        #expect(link[1].file == part)
        let number = try #require(link.keptFiles.first)
        for stream: UInt32 in 2...4 { #expect(link[stream].keptFile == KeptFilePart(number: number, part: part)) }
        #expect(link.keptFiles.count == 1)
        // One for the first response, one for all the others.
        for _ in 0..<2 {
            var bytes: [UInt8] = []
            if let file = link.takeFile() { _ = try file.read(size, at: 0, into: &bytes) }
            let isWhole = bytes[...] == content.prefix(size)
            #expect(isWhole)
        }
        #expect(link.waitingFiles == 0)
        // A part of it comes out of the same file, where it is read from the disk at all.
        var request = TestRequest("/large.bin")
        request.headers.append(("Range", "bytes=400000-499999"))
        link.send(request, stream: 5)
        #expect(driver.wait { link[5].hasEnded })
        let kept = KeptFilePart(number: number, part: FilePart(offset: 400_000, length: 100_000))
        #expect(path == "/large.bin" ? link[5].keptFile == kept : link[5].file == kept.part)
    }

    @Test(arguments: ["/large.bin", "/medium.bin"])
    func aFileThatChangedIsOpenedAnew(_ path: String) throws {
        try driver.folder.write("www/medium.bin", bytes: Array(content.prefix(100_000)))
        try keepNothingInTheRoutersCache()
        let link = try driver.link(window: 1 << 20, maximumFiles: 8)
        for stream: UInt32 in 1...3 {
            link.send(TestRequest(path), stream: stream)
            #expect(driver.wait { link[stream].hasEnded })
        }
        #expect(link[3].keptFile != nil)
        let other = content.dropLast().map { $0 ^ 0xff }
        try driver.folder.write("www\(path)", bytes: other)
        link.send(TestRequest(path), stream: 4)
        #expect(driver.wait { link[4].hasEnded })
        #expect(link[4].file == FilePart(offset: 0, length: Int64(other.count)) && link[4].keptFile == nil)
        for _ in 0..<2 { _ = link.takeFile() }
        var bytes: [UInt8] = []
        if let file = link.takeFile() { _ = try file.read(other.count, at: 0, into: &bytes) }
        let isNew = bytes == other
        #expect(isNew)
    }

    @Test
    func smallFilesAndHeadComeWithoutAFile() throws {
        let link = try driver.link(window: 1 << 20, maximumFiles: 9)
        link.send(TestRequest("/small.bin"), stream: 1)
        var request = TestRequest("/large.bin")
        request.method = "HEAD"
        link.send(request, stream: 2)
        #expect(driver.wait { link[1].hasEnded && link[2].hasEnded })
        #expect(link[1].body.count == 8191 && link[1].file == nil)
        #expect(link[2].head?.contentLength == 500_000 && link[2].file == nil && link[2].body.isEmpty)
    }
}
