import Platform
import TestSupport
import Testing

@Suite struct DocumentRemovalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("web.config", "<old/>")
    }

    @Test func aDocumentThatHoldsWhatIsExpectedIsRemovedAndNothingStaysBeside() throws {
        try DocumentFile(folder["web.config"]).remove(Array("<old/>".utf8))
        #expect(folder.names == [])
    }

    @Test func aDocumentThatWasSavedMeanwhileStays() throws {
        #expect(throws: FileError(folder["web.config"], .changed)) {
            try DocumentFile(folder["web.config"]).remove(Array("<other/>".utf8))
        }
        #expect(try folder.text("web.config") == "<old/>")
        #expect(folder.names == ["web.config"])
    }
}
