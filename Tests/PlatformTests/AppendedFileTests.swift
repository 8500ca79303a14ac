import Platform
import TestSupport
import Testing

@Suite struct AppendedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatIsAppendedIsReadInItsOrderUntilItIsTakenOut() throws {
        let file = try AppendedFile.open(folder["record"])
        try file.append([1, 2])
        try file.append([3])
        #expect(try file.contents() == [1, 2, 3])
        try file.empty()
        #expect(try file.contents() == [])
    }

    /// Whoever writes more than is usual says so when reading, too.
    @Test func moreThanTheLimitIsRefusedAndTheLimitIsTheReaders() throws {
        try folder.makeSparseFile("record", size: FileReader.usualLimit + 1)
        let file = try AppendedFile.open(folder["record"])
        #expect(throws: FileError(folder["record"], .tooLarge(limit: FileReader.usualLimit))) { try file.contents() }
        #expect(try file.contents(limit: FileReader.usualLimit + 1).count == FileReader.usualLimit + 1)
    }
}
