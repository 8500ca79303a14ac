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
