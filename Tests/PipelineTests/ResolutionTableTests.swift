import PipelineTesting
import Testing

@testable import Pipeline

struct ResolutionTableTests {
    @Test
    func whatWasPutInIsFoundBySiteAndPath() throws {
        let host = try TestHost([])
        var table = ResolutionTable(capacity: 1024)
        for number in 0..<500 { table.insert(try resolution(host, "/\(number)"), site: UInt32(number % 2)) }
        for number in 0..<500 {
            let path = Array("/\(number)".utf8)
            #expect(found(table, UInt32(number % 2), path)?.path == path)
            #expect(found(table, UInt32(number % 2) + 1 & 1, path) == nil)
        }
    }

    @Test
    func aFullTableStartsAnewInsteadOfGrowing() throws {
        let host = try TestHost([])
        var table = ResolutionTable(capacity: 64)
        for number in 0..<1000 { table.insert(try resolution(host, "/\(number)"), site: 1) }
        #expect(found(table, 1, Array("/999".utf8)) != nil)
        #expect((0..<1000).filter { found(table, 1, Array("/\($0)".utf8)) != nil }.count <= 48)
    }

    private func resolution(_ host: TestHost, _ path: String) throws -> Resolution {
        let bytes = Array(path.utf8)
        let resolution = host.resolver.resolve(site: 1, path: bytes.span, now: host.now)
        return try #require(resolution)
    }

    private func found(_ table: ResolutionTable, _ site: UInt32, _ path: [UInt8]) -> Resolution? {
        table.find(site: site, path: path.span)
    }
}
