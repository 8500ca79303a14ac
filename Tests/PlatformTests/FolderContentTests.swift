import Glibc
import Testing

@testable import Platform

struct FolderContentTests {
    private let folder = "/tmp/hostelry-content-\(getpid())-\(UInt32.random(in: 0 ..< .max))"

    private func read(limit: Int = 100) throws -> FolderContent {
        let root = try #require(SystemPath(folder.utf8))
        let path = try #require(SystemPath(".".utf8))
        return try FolderContent.read(path, beneath: root, limit: limit) { $0[0] != UInt8(ascii: ".") }
    }

    @Test
    func noMoreNamesAreReadThanTheLimitSays() throws {
        unsafe mkdir(folder, 0o755)
        defer { unsafe rmdir(folder) }
        for name in ["a", "b", "c"] { unsafe mkdir("\(folder)/\(name)", 0o755) }
        defer { for name in ["a", "b", "c"] { unsafe rmdir("\(folder)/\(name)") } }
        let all = try read(limit: 3)
        #expect(all.isWhole)
        #expect(Set(all.entries.map(\.name)) == [[0x61], [0x62], [0x63]])
        #expect(all.entries.allSatisfy { $0.information.kind == .directory })
        let part = try read(limit: 2)
        #expect(!part.isWhole)
        #expect(part.entries.count == 2)
    }

    @Test
    func aFileIsNoFolder() throws {
        let number = unsafe open(folder, O_CREAT | O_WRONLY, 0o644)
        close(number)
        defer { unsafe unlink(folder) }
        let root = try #require(SystemPath("/tmp".utf8))
        let path = try #require(SystemPath(folder.utf8.dropFirst(5)))
        #expect(throws: SystemError.self) { try FolderContent.read(path, beneath: root, limit: 1) { _ in true } }
    }
}
