import Glibc
import TestSupport
import Testing

@testable import Platform

struct HeldFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Copies `a` to `b`, and answers what was shown of the copy.
    private func copy() throws -> (size: Int64, shown: Int, isZero: Bool) {
        let held = try HeldFolder.open(folder.path)
        var shown = 0
        var isZero = true
        let file = try held.file(bytes("a"))
        let copy = try held.makeFile(bytes("b"))
        let size = try file.copy(to: copy, "a") { piece throws(FileError) in
            shown += piece.count
            for index in piece.indices where piece[index] != 0 { isZero = false }
        }
        return (size, shown, isZero)
    }

    @Test func aCopyHoldsWhatTheFileHolds() throws {
        let content = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try folder.write("a", content)
        let outcome = try copy()
        #expect(outcome.size == 1_000_003)
        #expect(outcome.shown == 1_000_003)
        #expect(try FileReader().read(folder["b"]).bytes == content)
    }

    @Test func holesStayHoles() throws {
        try folder.makeSparseFile("a", size: 64 << 20)
        let outcome = try copy()
        #expect(outcome.size == 64 << 20)
        #expect(outcome.shown == 64 << 20)
        #expect(outcome.isZero)
        #expect(try folder.status("b").st_size == 64 << 20)
        #expect(try folder.status("b").st_blocks * 512 < 1 << 20)
    }

    @Test func noSymbolicLinkIsFollowed() throws {
        try folder.write("a", "text")
        folder.makeLink("link", to: "a")
        folder.makeFolder("inside")
        folder.makeLink("other", to: "inside")
        let held = try HeldFolder.open(folder.path)
        #expect(throws: FileError.self) { _ = try held.file(bytes("link")) }
        #expect(throws: FileError.self) { _ = try held.folder(bytes("other")) }
        #expect(throws: FileError.self) { _ = try held.makeFile(bytes("link")) }
        #expect(try held.target(ofLink: bytes("link")) == bytes("a"))
        #expect(try held.entry(bytes("link"))?.kind == .link)
    }

    @Test func whatIsNoFileIsNotOpened() throws {
        folder.makePipe("pipe")
        let held = try HeldFolder.open(folder.path)
        #expect(throws: FileError.self) { _ = try held.file(bytes("pipe")) }
        #expect(try held.entry(bytes("pipe"))?.kind == .other)
        #expect(try held.entry(bytes("none")) == nil)
    }

    @Test func aNameThatIsTakenIsLeft() throws {
        try folder.write("a", "one")
        try folder.write("b", "two")
        let held = try HeldFolder.open(folder.path)
        #expect { try held.rename(bytes("a"), toFree: bytes("b")) } throws: {
            ($0 as? FileError)?.kind == .changed
        }
        #expect(try folder.text("b") == "two")
        try held.rename(bytes("a"), toFree: bytes("c"))
        #expect(folder.names == ["b", "c"])
    }

    /// Who may not write a folder may not empty it either, unless it is his own.
    @Test(.enabled(if: geteuid() == 0, "needs root")) func anOrdinaryUserRemovesHisFoldersWhateverTheirModes() throws {
        let nobody = try #require(try Account.named("nobody"))
        for name in ["gone", "gone/inner", "gone/inner/most"] { folder.makeFolder(name) }
        try folder.write("gone/inner/file", "text")
        for name in ["gone/inner/file", "gone/inner/most", "gone/inner", "gone"] {
            #expect(unsafe chown(folder[name], nobody.user, nobody.group) == 0)
            #expect(unsafe chmod(folder[name], name == "gone/inner/most" ? 0 : 0o555) == 0)
        }
        #expect(unsafe chown(folder.path, nobody.user, nobody.group) == 0)
        let path = folder.path
        let isGone = try BoundedCall.run(limit: .seconds(30)) { () -> Bool in
            (try? FileAccount.perform(as: nobody) {
                (try? HeldFolder.open(path).remove(Array("gone".utf8))) != nil
            }) == true
        }
        #expect(isGone == true && folder.names.isEmpty)
    }

    @Test(arguments: ["file", "folder", "link"]) func aFileSystemThatCannotRenameToAFreeNameIsHelped(_ kind: String)
        throws
    {
        let text = "text"
        switch kind {
        case "file": try folder.write("a", text)
        case "link": folder.makeLink("a", to: "nowhere")
        default:
            folder.makeFolder("a")
            try folder.write("a/file", text)
        }
        try folder.write("taken", "other")
        folder.makeFolder("empty")
        let place = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
        defer { close(place) }
        for name in ["taken", "empty"] {
            let outcome = unsafe FreeName.giveInSteps(name, to: "a", in: place)
            #expect(outcome == -1 && errno == EEXIST)
        }
        #expect(unsafe FreeName.giveInSteps("b", to: "a", in: place) == 0)
        #expect(folder.names == ["b", "empty", "taken"])
        switch kind {
        case "file": #expect(try folder.text("b") == text)
        case "link": #expect(folder.isLink("b"))
        default: #expect(try folder.text("b/file") == text)
        }
    }

    @Test func modesAndTimesAreGivenAndSetUserIDsAreNot() throws {
        let held = try HeldFolder.open(folder.path)
        let inner = try held.makeFolder(bytes("f"))
        try inner.settle(mode: 0o4751, modified: 1_500_000_000_123_456_789)
        try held.makeLink(bytes("l"), to: bytes("nowhere"), modified: -1)
        let status = try folder.status("f")
        #expect(status.st_mode & 0o7777 == 0o751)
        #expect(status.st_mtim.tv_sec == 1_500_000_000)
        #expect(status.st_mtim.tv_nsec == 123_456_789)
        #expect(try folder.status("l").st_mtim.tv_sec == -1)
        #expect(try inner.permissions() == 0o751)
    }

    @Test func removingTakesEverythingAndFollowsNothing() throws {
        folder.makeFolder("kept")
        try folder.write("kept/file", "text")
        folder.makeFolder("gone")
        folder.makeFolder("gone/inner")
        try folder.write("gone/inner/file", "text")
        folder.makeLink("gone/link", to: folder["kept"])
        let held = try HeldFolder.open(folder.path)
        try held.remove(bytes("gone"))
        try held.remove(bytes("never there"))
        #expect(folder.names == ["kept"])
        #expect(try folder.text("kept/file") == "text")
    }
}
