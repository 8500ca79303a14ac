import Configuration
import ConfigurationStore
import Testing

/// Reference §6.1, §6.2; issue "Coming from Windows".
struct WindowsImportTests {
    private func read(
        _ text: String, map: [String] = [], accounts: [String: String] = [:]
    ) throws -> (text: String, rows: [WindowsImport.Row]) {
        let document = try Document(bytes: Array(text.utf8), path: "applicationHost.config")
        let mapping = WindowsImport.Mapping(
            paths: WindowsPathMap(map.compactMap { WindowsPathMap.Entry($0) }), accounts: accounts)
        let outcome = try WindowsImport(document, schema: .builtIn, mapping: mapping)
        return (String(decoding: outcome.bytes, as: UTF8.self), outcome.rows)
    }

    private static let site = """
        <configuration>
          <!-- ours since 2012 -->
          <system.applicationHost>
            <sites>
              <site name="A" id="1">
                <application path="/">
                  <virtualDirectory path="/" physicalPath="C:\\inetpub\\a" />
                </application>
              </site>
            </sites>
          </system.applicationHost>
        </configuration>
        """

    @Test
    func mappedFoldersAreNamedAsHereAndTheirNamesMatchInAnyCase() throws {
        let (text, rows) = try read(Self.site, map: ["C:\\inetpub=/srv"])
        #expect(
            text
                == Self.site.replacing(
                    "physicalPath=\"C:\\inetpub\\a\"", with: "physicalPath=\"/srv/a\" caseSensitive=\"false\""))
        let row = try #require(rows.first { $0.attribute == "virtualDirectory/physicalPath" })
        #expect(row.outcome == .replaced)
        #expect(row.line == 7)
        #expect(row.value == "C:\\inetpub\\a")
        #expect(row.note == "/srv/a")
    }

    @Test
    func aFolderThatNobodyMapsIsKeptAndAsksForADecision() throws {
        let (text, rows) = try read(Self.site)
        #expect(text == Self.site)
        #expect(rows.first { $0.attribute == "virtualDirectory/physicalPath" }?.outcome == .decide)
    }

    @Test
    func secretsOfWindowsAreListedAndNeverShown() throws {
        let (text, rows) = try read(
            """
            <configuration><system.applicationHost><applicationPools>
            <add name="P"><processModel identityType="SpecificUser" userName="CORP\\web" password="[enc:IISWASOnlyAesProvider:c2VjcmV0:enc]"/></add>
            <add name="Q"><processModel identityType="SpecificUser" userName="CORP\\other" password="hunter2"/></add>
            </applicationPools></system.applicationHost></configuration>
            """, accounts: ["corp\\web": "www-data"])
        let sealed = try #require(rows.first { $0.attribute == "processModel/password" && $0.line == 2 })
        #expect(sealed.outcome == .decide)
        #expect(sealed.note.contains("IISWASOnlyAesProvider"))
        #expect(text.contains("[enc:IISWASOnlyAesProvider:c2VjcmV0:enc]"))
        #expect(text.contains("userName=\"www-data\""))
        #expect(rows.first { $0.attribute == "processModel/userName" && $0.line == 3 }?.outcome == .decide)
        #expect(!rows.contains { "\($0)".contains("hunter2") || "\($0)".contains("c2VjcmV0") })
    }

    @Test
    func valuesOfEnvironmentVariablesAreMappedAndNeverShown() throws {
        let (text, rows) = try read(
            """
            <configuration><system.applicationHost><applicationPools><add name="P"><environmentVariables>
            <add name="A" value="hunter2"/>
            <add name="B" value="C:\\data\\hunter2"/>
            <add name="C" value="D:\\hunter2"/>
            </environmentVariables></add></applicationPools></system.applicationHost></configuration>
            """, map: ["C:\\data=/srv"])
        #expect(text.contains("value=\"/srv/hunter2\""))
        #expect(rows.filter { $0.attribute == "add/value" }.map(\.outcome) == [.works, .replaced, .decide])
        #expect(!rows.contains { "\($0)".contains("hunter2") })
    }

    @Test
    func sectionsOfLocationsAndSectionsThatNobodyKnowsAreListed() throws {
        let (text, rows) = try read(
            """
            <configuration>
              <location path="A"><system.webServer><asp scriptErrorSentToBrowser="true"/></system.webServer></location>
              <contoso.tools><agent interval="5"/></contoso.tools>
            </configuration>
            """)
        #expect(text.contains("scriptErrorSentToBrowser=\"true\""))
        #expect(text.contains("<agent interval=\"5\"/>"))
        #expect(rows.first { $0.section == "system.webServer/asp" }?.outcome == .decide)
        #expect(rows.first { $0.section == "contoso.tools" }?.outcome == .decide)
    }

    @Test
    func everySectionOfTheSchemaHasAVerdict() {
        for section in Schema.builtIn.sections.keys.sorted() {
            if case .unavailable(let note) = SectionVerdict.of(section) {
                #expect(!note.hasPrefix("nobody knows"), "\(section)")
            }
        }
    }
}
