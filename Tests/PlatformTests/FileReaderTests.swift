import Glibc
import Platform
import TestSupport
import Testing

@Suite struct FileReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func kind(_ path: String, limit: Int = FileReader.usualLimit) -> FileError.Kind? {
        do {
            _ = try FileReader(limit: limit).read(path)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func aFileIsReadWholeWithItsStamp() throws {
        let text = String(repeating: "0123456789", count: 100_000)
        try folder.write("a", text)
        let contents = try FileReader().read(folder["a"])
        #expect(contents.bytes == Array(text.utf8))
        #expect(contents.stamp.size == 1_000_000)
        #expect(try FileStamp.of(folder["a"]) == contents.stamp)
    }

    @Test func anEmptyFileIsEmptyAndNoError() throws {
        try folder.write("a", "")
        #expect(try FileReader().read(folder["a"]).bytes.isEmpty)
    }

    @Test func aMissingFileSaysSo() throws {
        #expect(kind(folder["a"]) == .missing)
        try folder.write("a", "")
        #expect(kind(folder["a/b"]) == .missing)
        #expect(try FileStamp.of(folder["b"]) == nil)
    }

    @Test func whatIsNoRegularFileIsRefusedAndNeverWaitedFor() throws {
        folder.makePipe("pipe")
        #expect(kind(folder["pipe"]) == .notRegular)
        #expect(kind(folder.path) == .notRegular)
        #expect(kind("/dev/zero") == .notRegular)
        folder.makeLink("link", to: "/dev/zero")
        #expect(kind(folder["link"]) == .notRegular)
    }

    @Test func theLimitIsTheLargestSizeThatIsRead() throws {
        try folder.write("a", "12345")
        #expect(kind(folder["a"], limit: 5) == nil)
        #expect(kind(folder["a"], limit: 4) == .tooLarge(limit: 4))
        try folder.makeSparseFile("huge", size: 200 << 30)
        #expect(kind(folder["huge"]) == .tooLarge(limit: FileReader.usualLimit))
    }

    @Test func aLoopOfLinksIsAnErrorWithTheSystemsReason() throws {
        folder.makeLink("a", to: "b")
        folder.makeLink("b", to: "a")
        #expect(throws: FileError(folder["a"], SystemError("stat", folder["a"], code: ELOOP))) {
            try FileReader().read(folder["a"])
        }
    }

    @Test func aFileThatChangesWhileItIsReadIsReadAgain() throws {
        try folder.write("a", "old")
        var rounds = 0
        let contents = try FileReader().read(folder["a"]) {
            rounds += 1
            if rounds == 1 { try? folder.write("a", "newer") }
        }
        #expect(String(decoding: contents.bytes, as: UTF8.self) == "newer")
        #expect(rounds == 2)
    }

    @Test func aChangeThatKeepsTheSizeIsNoticed() throws {
        try folder.write("a", "old")
        var rounds = 0
        let contents = try FileReader().read(folder["a"]) {
            rounds += 1
            if rounds == 1 { try? folder.write("a", Array("new".utf8), flags: 0) }
        }
        #expect(String(decoding: contents.bytes, as: UTF8.self) == "new")
    }

    @Test func aFileReplacedWhileItIsReadIsReadAgain() throws {
        try folder.write("a", "the old text")
        try folder.write("b", "new")
        // The second round finds no "b" to rename.
        let contents = try FileReader().read(folder["a"]) { folder.rename("b", to: "a") }
        #expect(String(decoding: contents.bytes, as: UTF8.self) == "new")
    }

    @Test func aFileThatNeverRestsIsAnErrorAfterABoundedNumberOfReadings() throws {
        try folder.write("a", "")
        var rounds = 0
        #expect(throws: FileError(folder["a"], .unsettled)) {
            try FileReader().read(folder["a"]) {
                rounds += 1
                try? folder.write("a", [UInt8](repeating: 65, count: rounds), flags: O_APPEND)
            }
        }
        #expect(rounds == 6)
    }
}
