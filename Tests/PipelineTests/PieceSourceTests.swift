import Pipeline
import PipelineTesting
import Platform
import Testing

struct PieceSourceTests {
    let services = TestServices()

    /// A file whose file system (proc) never says what it has in memory.
    private func coldFile() throws -> OpenFile {
        let root = try #require(SystemPath(Array("/proc".utf8)))
        return OpenFile(try .open(try #require(SystemPath(Array("version".utf8))), beneath: root))
    }

    @Test
    func whatIsNotInMemoryIsReadByAnotherThread() throws {
        services.holdsWork = true
        var resumed = 0
        let source = PieceSource(
            [.bytes(Array("<".utf8)), .part(offset: 0, length: 5), .bytes(Array(">".utf8))], of: try coldFile(),
            services
        ) { resumed += 1 }
        #expect(source.length == 7)
        var bytes: [UInt8] = []
        guard case .waiting = source.produce(100, into: &bytes) else { return #expect(Bool(false), "not waiting") }
        #expect(bytes == Array("<".utf8))
        services.finishWork()
        #expect(resumed == 1)
        guard case .more = source.produce(3, into: &bytes) else { return #expect(Bool(false), "not more") }
        guard case .ended = source.produce(100, into: &bytes) else { return #expect(Bool(false), "not ended") }
        #expect(String(decoding: bytes, as: UTF8.self) == "<Linux>")
    }

    @Test
    func aCancelledSourceResumesNobody() throws {
        services.holdsWork = true
        var resumed = 0
        let source = PieceSource([.part(offset: 0, length: 5)], of: try coldFile(), services) { resumed += 1 }
        var bytes: [UInt8] = []
        _ = source.produce(100, into: &bytes)
        source.cancel()
        services.finishWork()
        #expect(resumed == 0)
    }

    @Test
    func aFileThatEndsBeforeItsPartFails() throws {
        let source = PieceSource([.part(offset: 0, length: 1 << 20)], of: try coldFile(), nil) {}
        var bytes: [UInt8] = []
        while true {
            switch source.produce(1 << 16, into: &bytes) {
            case .more: continue
            case .failed: return
            default: return #expect(Bool(false), "neither more nor failed")
            }
        }
    }
}
