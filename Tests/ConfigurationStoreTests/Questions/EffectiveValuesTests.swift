import Configuration
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite("The SQL function effective")
struct EffectiveValuesTests {
    private let folder: TemporaryFolder
    private let database: Database

    init() throws {
        folder = try TemporaryFolder()
        database = try Database.memory()
        folder.makeFolder("api")
        try folder.write(
            "api/web.config",
            """
            <configuration><system.webServer><security><requestFiltering>
              <requestLimits maxAllowedContentLength="1000"/></requestFiltering></security></system.webServer></configuration>
            """)
        let text = """
            <configuration>
              <system.applicationHost>
                <applicationPools><add name="Main"/></applicationPools>
                <sites><site name="Shop" id="1">
                  <application path="/" applicationPool="Main">
                    <virtualDirectory path="/" physicalPath="\(folder.path)"/></application>
                  <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
                </site></sites>
              </system.applicationHost>
              <location path="Shop"><system.webServer>
                <directoryBrowse enabled="true"/>
                <security><authentication>
                  <anonymousAuthentication userName="u" password="hunter2"/></authentication></security>
              </system.webServer></location>
            </configuration>
            """
        let path = folder["applicationHost.config"]
        try EffectiveValues { () throws(ConfigurationError) in
            try ServerConfiguration(bytes: Array(text.utf8), path: path)
        }.install(in: database)
    }

    private func effective(_ path: SQLValue, _ section: SQLValue, _ attribute: SQLValue) throws -> SQLValue? {
        try database.value("SELECT effective(?, ?, ?)", path, section, attribute)
    }

    @Test func aLocationHoldsForItsPathAlone() throws {
        #expect(try effective("", "system.webServer/directoryBrowse", "enabled") == 0)
        #expect(try effective("Shop", "system.webServer/directoryBrowse", "enabled") == 1)
    }

    // IIS: maxAllowedContentLength is 30,000,000.
    @Test func aFileOnTheWayHoldsBelowIt() throws {
        let section: SQLValue = "system.webServer/security/requestFiltering"
        #expect(try effective("Shop", section, "requestLimits/maxAllowedContentLength") == 30_000_000)
        #expect(try effective("Shop/api", section, "requestLimits/maxAllowedContentLength") == 1000)
    }

    @Test func secretsAreCovered() throws {
        let section: SQLValue = "system.webServer/security/authentication/anonymousAuthentication"
        #expect(try effective("Shop", section, "password") == "********")
        #expect(try effective("Shop", section, "userName") == "u")
        #expect(try effective("", section, "password") == "")
    }

    @Test func whatNobodyKnowsIsNull() throws {
        #expect(try effective("", "system.webServer/nothing", "enabled") == .null)
        #expect(try effective("", "system.webServer/directoryBrowse", "nothing") == .null)
        #expect(try effective("", "system.webServer/directoryBrowse", "nothing/enabled") == .null)
        #expect(try effective("", "system.webServer/directoryBrowse", "") == .null)
        #expect(try effective(nil, "system.webServer/directoryBrowse", "enabled") == .null)
        #expect(try effective("", 5, "enabled") == .null)
    }

    @Test func aServerThatCannotBeReadIsAnErrorOfTheQuestion() throws {
        let other = try Database.memory()
        try EffectiveValues { () throws(ConfigurationError) in
            try ServerConfiguration(bytes: Array("<nonsense".utf8), path: "/srv/a.config")
        }.install(in: other)
        let error = #expect(throws: SQLiteError.self) {
            try other.value("SELECT effective('', 'system.webServer/directoryBrowse', 'enabled')")
        }
        #expect(error?.text.hasPrefix("effective: ") == true)
        #expect(error?.text.contains("/srv/a.config") == true)
    }
}
