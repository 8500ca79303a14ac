import Platform
import TestSupport
import Testing

@testable import AspNetCoreModule

@Suite struct OutputLogFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ limits: OutputLimits = OutputLimits()) -> OutputLogFile {
        OutputLogFile("\(folder.path)/logs/deep/stdout", pid: 4711, limits)
    }

    private func names() throws -> [String] { try Folder.names(in: "\(folder.path)/logs/deep") }

    private func texts() throws -> [String] {
        try names().map { name in
            String(decoding: try FileReader().read("\(folder.path)/logs/deep/\(name)").bytes, as: UTF8.self)
        }
    }

    @Test func theFileIsThereFromTheStartWithTheFoldersOnTheWay() throws {
        let file = file()
        #expect(file.open() == nil)
        let name = try #require(try names().first)
        #expect(name.hasPrefix("stdout_") && name.hasSuffix("_4711.log"))
        #expect(name.utf8.count == "stdout_yyyyMMddHHmmss_4711.log".utf8.count)
    }

    @Test func whatIsWrittenIsThereAtOnce() throws {
        let file = file()
        _ = file.open()
        _ = file.write(Array("漢字\r\n".utf8))
        #expect(try texts() == ["漢字\r\n"])
        _ = file.write(Array("more\n".utf8))
        #expect(try texts() == ["漢字\r\nmore\n"])
    }

    @Test func aFullFileEndsWithALineAndTheNextBegins() throws {
        var limits = OutputLimits()
        limits.fileSize = 10
        let file = file(limits)
        _ = file.open()
        #expect(file.write(Array("one\ntwo\nthree\nfour\n".utf8)).lost == 0)
        #expect(try texts().sorted() == ["four\n", "one\ntwo\n", "three\n"].sorted())
    }

    @Test func aLineLongerThanAFileIsDivided() throws {
        var limits = OutputLimits()
        limits.fileSize = 10
        let file = file(limits)
        _ = file.open()
        _ = file.write(Array(String(repeating: "x", count: 25).utf8))
        #expect(try texts().map(\.utf8.count).sorted() == [5, 10, 10])
    }

    @Test func noMoreFilesAreKeptThanTheLimit() throws {
        var limits = OutputLimits()
        limits.fileSize = 10
        limits.files = 3
        let file = file(limits)
        _ = file.open()
        for number in 10..<40 { _ = file.write(Array("line \(number)\n".utf8)) }
        let texts = try texts()
        #expect(texts.count == 3)
        #expect(texts.joined().contains("line 39\n"))
    }

    @Test func aFileThatSomebodyRemovedIsBegunAnew() throws {
        let file = file()
        _ = file.open()
        for name in try names() { try Folder.removeFile("\(folder.path)/logs/deep/\(name)") }
        _ = file.write(Array("lost\n".utf8))
        _ = file.write(Array("kept\n".utf8))
        #expect(try texts() == ["kept\n"])
    }

    @Test func processesThatStartInOneSecondHaveAFileEach() throws {
        let files = (0..<5).map { _ in file() }
        for (number, file) in files.enumerated() {
            #expect(file.open() == nil)
            _ = file.write(Array("\(number)\n".utf8))
        }
        #expect(try texts().sorted() == (0..<5).map { "\($0)\n" })
    }

    @Test func aFolderThatIsAFileIsTold() throws {
        try folder.write("logs", "")
        #expect(file().open() != nil)
    }
}
