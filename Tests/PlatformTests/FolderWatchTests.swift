import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite struct FolderWatchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatHappensToNamesIsToldInOrder() throws {
        let watch = try FolderWatch()
        let number = try watch.add(folder.path)
        #expect(watch.happenings() == [])
        try folder.write("one", "text")
        folder.rename("one", to: "two")
        folder.remove("two")
        let found = watch.happenings()
        #expect(found.allSatisfy { $0.folder == number })
        #expect(found.first == .init(folder: number, kind: .touched, name: "one"))
        #expect(
            found.suffix(4) == [
                .init(folder: number, kind: .settled, name: "one"), .init(folder: number, kind: .gone, name: "one"),
                .init(folder: number, kind: .settled, name: "two"), .init(folder: number, kind: .gone, name: "two"),
            ])
    }

    @Test func aStormIsTakenInPieces() throws {
        let watch = try FolderWatch()
        _ = try watch.add(folder.path)
        // The kernel tells two of a kind in a row once.
        for number in 0..<1000 { try folder.write("\(number % 2)", "text") }
        var found: [FolderWatch.Happening] = []
        let hasMore = watch.takeHappenings(&found)
        let first = found.count
        #expect(hasMore && first > 100 && first < 2000)
        while watch.takeHappenings(&found) {}
        #expect(found.count > first)
    }

    @Test func aFolderThatGoesAwayIsTold() throws {
        folder.makeFolder("inner")
        let watch = try FolderWatch()
        let number = try watch.add(folder["inner"])
        unsafe rmdir(folder["inner"])
        #expect(watch.happenings().first == .init(folder: number, kind: .folderGone, name: ""))
    }

    @Test func aFolderThatIsMissingCannotBeWatched() throws {
        let watch = try FolderWatch()
        #expect(throws: SystemError.self) { _ = try watch.add(folder["nowhere"]) }
    }

    @Test func aRecordThatIsCutOffIsNotRead() {
        var bytes = [UInt8](repeating: 0, count: 40)
        bytes[0] = 1
        // IN_CLOSE_WRITE
        bytes[4] = 8
        bytes[12] = 16
        bytes[16] = UInt8(ascii: "a")
        var found: [FolderWatch.Happening] = []
        FolderWatch.append(bytes.span.extracting(0..<40), to: &found)
        #expect(found == [.init(folder: 1, kind: .settled, name: "a")])
        FolderWatch.append(bytes.span.extracting(0..<20), to: &found)
        #expect(found.count == 1)
    }

    @Test func moreThanTheKernelRemembersIsAnOverflow() {
        var bytes = [UInt8](repeating: 0xFF, count: 4) + [UInt8](repeating: 0, count: 12)
        // IN_Q_OVERFLOW
        bytes[5] = 0x40
        var found: [FolderWatch.Happening] = []
        FolderWatch.append(bytes.span, to: &found)
        #expect(found == [.init(folder: -1, kind: .overflow, name: "")])
    }
}

@Suite struct FilePathTests {
    @Test func thePlacesOfAPathAreItsLinksAndItsFile() throws {
        let folder = try TemporaryFolder()
        let path = try #require(FilePath.resolved(folder.path))
        folder.makeFolder("real")
        try folder.write("real/file", "")
        folder.makeLink("link", to: "real")
        folder.makeLink("absolute", to: "\(path)/link/../link/file")
        #expect(
            FilePath.places(of: "\(path)/link/file") == [
                .init(folder: path, name: "link"), .init(folder: "\(path)/real", name: "file"),
            ])
        #expect(FilePath.places(of: "\(path)/absolute").first == .init(folder: path, name: "absolute"))
        #expect(FilePath.places(of: "\(path)/absolute").last == .init(folder: "\(path)/real", name: "file"))
        #expect(FilePath.places(of: "\(path)/./none") == [.init(folder: path, name: "none")])
    }

    @Test func linksThatGoRoundInACircleEnd() throws {
        let folder = try TemporaryFolder()
        folder.makeLink("a", to: "b")
        folder.makeLink("b", to: "a")
        #expect(FilePath.places(of: folder["a"]).count <= 50)
    }
}
