import BuiltInFiles
import Testing

@Suite struct BuiltInFileTests {
    @Test func theProgramCarriesSchemaFilesAndAServerConfiguration() throws {
        #expect(BuiltInFile.all.contains { $0.isSchema })
        let server = try #require(BuiltInFile.applicationHost)
        #expect(String(decoding: server.bytes, as: UTF8.self).contains("<configSections>"))
    }
}
