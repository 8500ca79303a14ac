import Platform
import TestSupport
import Testing

/// Folders that are made for a while.
struct TemporaryFolderTests {
    @Test func aTreeIsRemovedAndWhatItsLinksLeadToStays() throws {
        let base = try TemporaryFolder()
        try Folder.make(base["kept"])
        try base.write("kept/file", "stays")
        let path = try Folder.makeTemporary(in: base.path, prefix: "made.")
        #expect(Folder.isOwn(path))
        try Folder.make("\(path)/a/b")
        try Folder.makeEmptyFile("\(path)/a/b/c")
        base.makeLink("\(path.dropFirst(base.path.count + 1))/a/link", to: base["kept"])
        Folder.removeTree(path)
        #expect(base.names == ["kept"])
        #expect(try base.text("kept/file") == "stays")
    }
}
