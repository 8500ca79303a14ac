import Glibc
import Platform
import TestSupport
import Testing

@Suite struct NameLookupTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["web.config", "Web.config", "WEB.CONFIG", "wEb.cOnFiG"])
    func aNameIsFoundInAnyCaseAndGivenAsTheFolderSpellsIt(spelling: String) throws {
        try folder.write(spelling, "")
        try folder.write("web.config.bak", "")
        try folder.write("xweb.config", "")
        #expect(try NameLookup.find("web.config", inFolder: folder.path)?.spelling == spelling)
    }

    @Test func onlyLettersAreFolded() throws {
        // '[' and '{' differ by the bit that tells the cases of letters apart.
        try folder.write("a[", "")
        #expect(try NameLookup.find("A[", inFolder: folder.path)?.spelling == "a[")
        #expect(try NameLookup.find("a{", inFolder: folder.path)?.spelling == nil)
    }

    @Test func twoSpellingsAreAnErrorThatListsThem() throws {
        try folder.write("web.config", "")
        try folder.write("Web.Config", "")
        let error = #expect(throws: FileError.self) { try NameLookup.find("web.config", inFolder: folder.path) }
        #expect(error?.kind == .ambiguous(spellings: ["Web.Config", "web.config"]))
        #expect(error?.reason == "several spellings of one name: Web.Config, web.config")
    }

    @Test func aMissingFolderIsNilAndAFolderWithoutTheNameIsNot() throws {
        #expect(try NameLookup.find("a", inFolder: folder["nowhere"]) == nil)
        let lookup = try #require(try NameLookup.find("a", inFolder: folder.path))
        #expect(lookup.spelling == nil)
    }

    /// Whoever asks for `page.html/more` asks for nothing that could not be read.
    @Test func aFileIsNoFolder() throws {
        try folder.write("a", "")
        #expect(try NameLookup.find("a", inFolder: folder["a"]) == nil)
    }

    @Test func anEarlierAnswerIsKeptOnlyWhileTheFolderIsTheSame() throws {
        try folder.write("Web.config", "")
        folder.age()
        let fresh = try #require(try NameLookup.find("web.config", inFolder: folder.path))
        #expect(!fresh.isReusable)
        let settled = NameLookup(spelling: "Web.config", folder: fresh.folder, isReusable: true)
        #expect(try NameLookup.find("web.config", inFolder: folder.path, previous: settled) == settled)
        folder.remove("Web.config")
        let later = try #require(try NameLookup.find("web.config", inFolder: folder.path, previous: settled))
        #expect(later.spelling == nil)
    }
}
