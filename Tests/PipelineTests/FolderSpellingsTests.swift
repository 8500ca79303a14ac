import PipelineTesting
import Platform
import Testing

@testable import Pipeline

struct FolderSpellingsTests {
    private let folder: TestFolder
    private let root: SystemPath
    /// Runs a second ahead, so that what was just written counts as settled.
    private let spellings = FolderSpellings { FileStamp.now() + 1_000_000_000 }

    init() throws {
        folder = try TestFolder()
        root = try #require(SystemPath(folder.path.utf8))
    }

    private func spelling(_ path: String) -> String {
        String(decoding: spellings.spelling(of: Array(path.utf8), beneath: root), as: UTF8.self)
    }

    @Test
    func aFolderIsReadOnceForEachOfItsStates() throws {
        try folder.write("Pages/One.txt", "")
        try folder.write("Pages/Two.txt", "")
        #expect(spelling("pages/one.txt") == "Pages/One.txt")
        #expect(spelling("PAGES/two.TXT") == "Pages/Two.txt")
        #expect(spelling("pages/three.txt") == "Pages/three.txt")
        // The root and the folder.
        #expect(spellings.readings == 2)
        try folder.write("Pages/Three.txt", "")
        #expect(spelling("pages/three.txt") == "Pages/Three.txt")
        #expect(spellings.readings == 3)
    }

    @Test
    func whatIsThereAsWrittenNeedsNoReading() throws {
        try folder.write("Pages/One.txt", "")
        #expect(spelling("Pages/One.txt") == "Pages/One.txt")
        #expect(spellings.readings == 0)
    }

    @Test
    func aSlashAtTheEndAndTwoInARowStay() throws {
        try folder.write("Pages/Sub/One.txt", "")
        #expect(spelling("pages/sub/") == "Pages/Sub/")
        #expect(spelling("pages//SUB") == "Pages//Sub")
    }

    @Test
    func namesWhoseSmallLettersTakeMoreBytesAreFoundAsWritten() throws {
        // The small letter of U+023A takes three bytes, itself two.
        try folder.write("\u{23A}.txt", "")
        #expect(spelling("\u{23A}.txt") == "\u{23A}.txt")
        #expect(spelling("\u{2C65}.txt") == "\u{2C65}.txt")
    }

    @Test
    func aLinkThatLeadsOutIsNotAnsweredForByAnotherSpelling() throws {
        try folder.write("inside/Data/x.txt", "")
        try folder.write("outside/x.txt", "")
        folder.makeLink("inside/data", to: "\(folder.path)/outside")
        let inside = try #require(SystemPath("\(folder.path)/inside".utf8))
        for path in ["data", "data/x.txt", "Data/x.txt"] {
            #expect(String(decoding: spellings.spelling(of: Array(path.utf8), beneath: inside), as: UTF8.self) == path)
        }
        #expect(spellings.readings == 0)
    }

    @Test
    func namesOutsideTheRootAreNotLookedAt() throws {
        folder.makeFolder("inside")
        try folder.write("outside/Secret.txt", "")
        folder.makeLink("inside/Link", to: "\(folder.path)/outside")
        let inside = try #require(SystemPath("\(folder.path)/inside".utf8))
        let found = spellings.spelling(of: Array("Link/secret.txt".utf8), beneath: inside)
        #expect(String(decoding: found, as: UTF8.self) == "Link/secret.txt")
    }
}
