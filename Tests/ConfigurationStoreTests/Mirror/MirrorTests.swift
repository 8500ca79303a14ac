import Configuration
import HostModel
import Platform
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite("Mirroring versions")
struct MirrorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let first = """
        <configuration>
          <system.applicationHost>
            <applicationPools>
              <add name="Old" enable32BitAppOnWin64="true"/>
              <add name="New"><processModel identityType="SpecificUser" userName="web" password="hunter2"/></add>
            </applicationPools>
            <sites>
              <site name="Shop" id="1">
                <application path="/" applicationPool="Old"><virtualDirectory path="/" physicalPath="/srv/shop"/></application>
                <application path="/api" applicationPool="New"><virtualDirectory path="/" physicalPath="/srv/api"/></application>
                <bindings><binding protocol="http" bindingInformation="*:80:shop.example"/></bindings>
              </site>
              <site name="Blog" id="2">
                <application path="/" applicationPool="New"><virtualDirectory path="/" physicalPath="/srv/blog"/></application>
                <bindings><binding protocol="http" bindingInformation="*:80:*.blog.example"/></bindings>
              </site>
            </sites>
          </system.applicationHost>
          <system.webServer>
            <directoryBrowse enabled="false"/>
          </system.webServer>
          <location path="Shop/api" overrideMode="Allow">
            <system.webServer>
              <security><authentication><anonymousAuthentication userName="u" password="hunter2"/></authentication></security>
            </system.webServer>
          </location>
        </configuration>
        """

    private func configuration(_ text: String) throws -> HostConfiguration {
        try folder.write("applicationHost.config", text)
        return try HostConfiguration.read(path: folder["applicationHost.config"])
    }

    private func database() throws -> Database {
        let database = try Database.memory()
        _ = try database.migrate(StoreFile.mirror(state: "").migrations)
        return database
    }

    private static let views = [
        "sites", "bindings", "applications", "virtual_directories", "pools", "sections", "problems", "quarantined",
        "files",
    ]

    /// Everything that can be asked.
    private func contents(_ database: Database) throws -> [String] {
        try Self.views.flatMap { view in
            let table = try database.table("SELECT * FROM \(view)", rowLimit: 10_000, byteLimit: .max)
            return table.rows.map { "\(view) \($0)" }.sorted()
        }
    }

    @Test func questionsAreAnswered() throws {
        let database = try database()
        try ConfigurationMirror(database).apply(configuration(Self.first))
        let rows = try database.table(
            "SELECT a.configuration_path, p.enable_32_bit, a.line FROM applications a JOIN pools p ON p.name = a.pool ORDER BY a.line",
            rowLimit: 10, byteLimit: 10_000
        ).rows
        #expect(rows == [["Shop", 1, 9], ["Shop/api", 0, 10], ["Blog", 0, 14]])
        #expect(try database.value("SELECT site FROM bindings WHERE host = '*.blog.example'") == "Blog")
        #expect(
            try database.value("SELECT physical_path FROM virtual_directories WHERE application = '/api'") == "/srv/api"
        )
        #expect(
            try database.value(
                "SELECT section || ' ' || override_mode || ' ' || line FROM sections WHERE path = 'Shop/api'")
                == "system.webServer/security/authentication/anonymousAuthentication Allow 24")
        #expect(
            try database.value("SELECT line FROM sections WHERE section = 'system.webServer/directoryBrowse'") == 20)
    }

    @Test func secretsAreCovered() throws {
        let database = try database()
        try ConfigurationMirror(database).apply(configuration(Self.first))
        #expect(try !contents(database).joined().contains("hunter2"))
        #expect(try database.value("SELECT count(*) FROM sections WHERE fragment LIKE '%********%'") == 1)
    }

    @Test func valuesOfEnvironmentVariablesAreCovered() throws {
        let database = try database()
        let variables =
            "<aspNetCore><environmentVariables><environmentVariable name=\"A\" value=\"pl4nted\"/>"
            + "</environmentVariables></aspNetCore>"
        try ConfigurationMirror(database).apply(
            configuration(Self.first.replacing("<directoryBrowse enabled=\"false\"/>", with: variables)))
        #expect(try !contents(database).joined().contains("pl4nted"))
        #expect(
            try database.value("SELECT fragment FROM sections WHERE section = 'system.webServer/aspNetCore'")
                == .text(variables.replacing("pl4nted", with: "********")))
    }

    @Test(arguments: [
        ("*:80:shop.example", "*:81:shop.example"), ("<sites>", "<sites>\n\n\n"),
        ("path=\"/api\" applicationPool=\"New\"", "path=\"/api\" applicationPool=\"Nowhere\""),
        ("name=\"Blog\"", "name=\"Diary\""),
        ("<add name=\"Old\" enable32BitAppOnWin64=\"true\"/>", "<add name=\"Old\"/>"),
        ("<add name=\"New\">", "<add name=\"Third\"/>\n<add name=\"New\">"), ("path=\"Shop/api\"", "path=\"Blog\""),
        ("userName=\"u\"", "userName=\"v\""),
        ("<directoryBrowse enabled=\"false\"/>", "<directoryBrowse enabled=\"true\"/>"),
        ("<system.webServer>\n    <dir", "<system.webServer>\n\n    <dir"), ("id=\"2\"", "id=\"1\""),
        ("*:80:*.", "nonsense"),
    ])
    func aChangeByDifferenceIsWhatAWholeOneWouldBe(_ old: String, _ new: String) throws {
        let database = try database()
        let mirror = try ConfigurationMirror(database)
        let one = try configuration(Self.first)
        try mirror.apply(one)
        let before = try contents(database)
        let text = Self.first.replacing(old, with: new)
        #expect(text != Self.first)
        let two = try #require(try one.following(Array(text.utf8)))
        try mirror.apply(two)
        let fresh = try self.database()
        try ConfigurationMirror(fresh).apply(configuration(text))
        #expect(try contents(database) == contents(fresh))
        // And back again.
        let three = try #require(try two.following(Array(Self.first.utf8)))
        try mirror.apply(three)
        #expect(try contents(database) == before)
    }

    /// What is a section is said far away from where it stands.
    @Test func aSectionThatIsDeclaredLaterIsThereWhereItAlwaysStood() throws {
        let used = Self.first.replacing(
            "</configuration>", with: "<location path=\"Blog\"><mine value=\"1\"/></location></configuration>")
        let declared = used.replacing(
            "<configuration>\n", with: "<configuration><configSections><section name=\"mine\"/></configSections>\n")
        let database = try database()
        let mirror = try ConfigurationMirror(database)
        let one = try configuration(used)
        try mirror.apply(one)
        let before = try contents(database)
        let two = try #require(try one.following(Array(declared.utf8)))
        try mirror.apply(two)
        let fresh = try self.database()
        try ConfigurationMirror(fresh).apply(configuration(declared))
        #expect(try contents(database) == contents(fresh))
        #expect(try contents(fresh) != before)
        try mirror.apply(try #require(try two.following(Array(used.utf8))))
        #expect(try contents(database) == before)
    }

    @Test func sitesThatComeAndGoTakeTheirsAlong() throws {
        let database = try database()
        let mirror = try ConfigurationMirror(database)
        let one = try configuration(Self.first)
        try mirror.apply(one)
        let start = try #require(Self.first.firstRange(of: "<site name=\"Shop\"")).lowerBound
        let end = try #require(Self.first.firstRange(of: "<site name=\"Blog\"")).lowerBound
        let text = String(Self.first[..<start]) + String(Self.first[end...])
        let two = try #require(try one.following(Array(text.utf8)))
        try mirror.apply(two)
        #expect(
            try database.value("SELECT group_concat(site || physical_path) FROM virtual_directories") == "Blog/srv/blog"
        )
        #expect(try database.value("SELECT count(*) FROM bindings") == 1)
        try mirror.apply(try #require(try two.following(Array(Self.first.utf8))))
        #expect(try database.value("SELECT count(*) FROM virtual_directories") == 3)
        #expect(try database.value("SELECT count(*) FROM versions") == 3)
    }

    @Test func aSmallChangeWritesFewRows() throws {
        let database = try database()
        let mirror = try ConfigurationMirror(database)
        let one = try configuration(Self.first)
        try mirror.apply(one)
        let text = Self.first.replacing("*:80:shop.example", with: "*:81:shop.example")
        try mirror.apply(try #require(try one.following(Array(text.utf8))))
        // The binding, out and in.
        #expect(try database.value("SELECT written FROM versions ORDER BY number DESC LIMIT 1") == 2)
    }
}

@Suite("Keeping the mirror")
struct MirrorKeeperTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func version(_ name: String) throws -> HostConfiguration {
        try folder.write(
            "a.config",
            "<configuration><system.applicationHost><applicationPools><add name=\"\(name)\"/></applicationPools></system.applicationHost></configuration>"
        )
        return try HostConfiguration.read(path: folder["a.config"])
    }

    private func pools() throws -> SQLValue? {
        try StoreFile.mirror(state: folder[""]).read().database.value("SELECT group_concat(name) FROM pools")
    }

    private func keeper() -> MirrorKeeper { MirrorKeeper(state: folder[""], busyTimeout: .milliseconds(1)) }

    @Test func ofSeveralThatWaitTheNewestIsWritten() throws {
        let keeper = keeper()
        guard case .nothing = keeper.work() else { return #expect(Bool(false)) }
        try keeper.offer(version("A"))
        try keeper.offer(version("B"))
        guard case .mirrored([.made]) = keeper.work() else { return #expect(Bool(false)) }
        guard case .nothing = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "B")
    }

    @Test func aFileThatWasRemovedIsMadeAgain() throws {
        let keeper = keeper()
        try keeper.offer(version("A"))
        _ = keeper.work()
        for name in folder.names where name.hasPrefix("mirror") { folder.remove(name) }
        try keeper.offer(version("B"))
        guard case .mirrored([.made]) = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "B")
    }

    @Test func whileAnotherProgramHoldsItTheVersionWaits() throws {
        let keeper = keeper()
        try keeper.offer(version("A"))
        _ = keeper.work()
        let other = try Database.open(folder["mirror.db"], .writing)
        try other.execute("BEGIN EXCLUSIVE")
        try keeper.offer(version("B"))
        guard case .trouble(let trouble) = keeper.work() else { return #expect(Bool(false)) }
        #expect(trouble.kind == .locked)
        try other.execute("ROLLBACK")
        guard case .mirrored = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "B")
    }

    @Test func whatDoesNotFitIsMadeAgain() throws {
        let keeper = keeper()
        try keeper.offer(version("A"))
        _ = keeper.work()
        try Database.open(folder["mirror.db"], .writing).execute("DROP TABLE pool_line")
        try keeper.offer(version("B"))
        guard case .rebuilt = keeper.work() else { return #expect(Bool(false)) }
        #expect(try pools() == "B")
    }

    @Test func aLaterOneIsLeftAlone() throws {
        try Database.open(folder["mirror.db"], .creating).execute("PRAGMA user_version = 99")
        let keeper = keeper()
        try keeper.offer(version("A"))
        guard case .trouble(let trouble) = keeper.work() else { return #expect(Bool(false)) }
        #expect(trouble.kind == .newer(version: 99, known: 2))
        #expect(try Database.open(folder["mirror.db"], .reading).version() == 99)
    }
}
