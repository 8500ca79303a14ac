import Configuration
import HostModel
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

/// What workers tell of web.config files, in the mirror.
@Suite struct ReportedFilesTests {
    private let folder: TemporaryFolder
    private let database: Database
    private let mirror: ConfigurationMirror

    private static let text = """
        <configuration><system.applicationHost>
        <applicationPools><add name="A"/><add name="B"/></applicationPools>
        <sites>
        <site name="Shop" id="1">
          <application path="/" applicationPool="A"><virtualDirectory path="/" physicalPath="/srv/shop"/></application>
          <application path="/api" applicationPool="B"><virtualDirectory path="/" physicalPath="/srv/api"/></application>
          <bindings><binding protocol="http" bindingInformation="*:80:shop.example"/></bindings>
        </site>
        <site name="Blog" id="2">
          <application path="/" applicationPool="B"><virtualDirectory path="/" physicalPath="/srv/blog"/></application>
          <bindings><binding protocol="http" bindingInformation="*:80:blog.example"/></bindings>
        </site>
        </sites></system.applicationHost></configuration>
        """

    init() throws {
        folder = try TemporaryFolder()
        database = try Database.memory()
        _ = try database.migrate(StoreFile.mirror(state: "").migrations)
        mirror = try ConfigurationMirror(database)
        try mirror.apply(version(Self.text))
    }

    private func version(_ text: String) throws -> HostConfiguration {
        try folder.write("applicationHost.config", text)
        return try HostConfiguration.read(path: folder["applicationHost.config"])
    }

    private static func report(
        _ pool: String, _ site: UInt32, _ path: String, _ file: String, section: String = "system.webServer/rewrite",
        location: String = "", line: Int = 3, problem: ReportedFile.Problem? = nil, isInformed: Bool = true
    ) -> ReportedFile {
        let written = WrittenSection(
            path: location, section: section, fragment: "<\(section)/>", overrideMode: .inherit, inherits: true,
            line: SourceLine(line))
        return ReportedFile(
            pool: pool, siteID: site, path: path, file: file, content: .read([written], problem: problem),
            isInformed: isInformed)
    }

    private static func gone(_ pool: String, _ site: UInt32, _ path: String, _ file: String) -> ReportedFile {
        ReportedFile(pool: pool, siteID: site, path: path, file: file, content: .absent)
    }

    private let shop = Self.report("A", 1, "/", "/srv/shop/web.config")
    private let api = Self.report("B", 1, "/api", "/srv/api/Web.config", location: "v1")

    private func told() throws -> [[SQLValue]] {
        try database.table(
            "SELECT file, reporter, path, application, line FROM sections WHERE kind = 'web.config' ORDER BY file",
            rowLimit: 100, byteLimit: .max
        ).rows
    }

    private static let shopRow: [SQLValue] = ["/srv/shop/web.config", "A", "Shop", "/", 3]
    private static let apiRow: [SQLValue] = ["/srv/api/Web.config", "B", "Shop/api/v1", "/api", 3]

    @Test func whatAWorkerReadStandsBesideTheServersFile() throws {
        #expect(try mirror.write([shop, api]).isEmpty)
        #expect(try told() == [Self.apiRow, Self.shopRow])
        #expect(
            try database.value(
                "SELECT path FROM files WHERE kind = 'web.config' AND configuration_path = 'SHOP/API' AND reported > '2020'"
            )
                == "/srv/api/Web.config")
        #expect(try database.value("SELECT section FROM sections WHERE path = 'shop'") == "system.webServer/rewrite")
    }

    @Test func aFileThatWasReadAnewIsWhatItSaysNow() throws {
        _ = try mirror.write([shop, api])
        _ = try mirror.write([
            Self.report("A", 1, "/", "/srv/shop/web.config", section: "system.webServer/cors", line: 9)
        ])
        #expect(try told() == [Self.apiRow, ["/srv/shop/web.config", "A", "Shop", "/", 9]])
        #expect(try database.value("SELECT count(*) FROM location WHERE file > 1") == 2)
        #expect(try database.value("SELECT count(*) FROM section") == 2)
    }

    @Test func aFileThatIsGoneIsGone() throws {
        _ = try mirror.write([shop, api])
        #expect(try mirror.write([Self.gone("A", 1, "/", "/srv/shop/web.config")]).isEmpty)
        #expect(try told() == [Self.apiRow])
        #expect(try mirror.write([Self.gone("A", 1, "/", "/srv/shop/web.config")]).isEmpty)
        #expect(try database.value("SELECT count(*) FROM location_line WHERE line = 0") == 1)
    }

    @Test func whatIsWrongWithAFileIsAProblem() throws {
        let problem = ReportedFile.Problem(line: 7, message: "Unrecognized element 'x'")
        _ = try mirror.write([Self.report("B", 2, "/", "/srv/blog/web.config", problem: problem)])
        let row = try database.table(
            "SELECT severity, file, line, object, message FROM problems WHERE line = 7", rowLimit: 9, byteLimit: .max)
        #expect(row.rows == [["error", "/srv/blog/web.config", 7, "Blog", "Unrecognized element 'x'"]])
        _ = try mirror.write([Self.report("B", 2, "/", "/srv/blog/web.config")])
        #expect(try database.value("SELECT count(*) FROM problems WHERE line = 7") == 0)
    }

    @Test(arguments: [
        // Another pool's application, another site's folder, no folder of the site, no web.config, no site.
        report("B", 1, "/", "/srv/shop/web.config"), report("A", 1, "/api", "/srv/api/web.config"),
        report("A", 1, "/", "/srv/blog/web.config"), report("A", 1, "/x", "/srv/shop/web.config"),
        report("A", 1, "/", "/srv/shop/passwd"), report("A", 1, "/..", "/srv/shop/../web.config"),
        report("A", 1, "/x", "/srv/shop/x/../web.config"), report("A", 9, "/", "/srv/shop/web.config"),
        report("Nobody", 1, "/", "/srv/shop/web.config"), report("A", 1, "/", "/etc/web.config"),
        gone("B", 1, "/", "/srv/shop/web.config"),
    ])
    func aLieIsNotTaken(_ lie: ReportedFile) throws {
        _ = try mirror.write([shop])
        #expect(try mirror.write([lie]) == [lie.pool: .foreign])
        #expect(try told() == [Self.shopRow])
    }

    @Test func whoDoesNotKnowTheVersionYetHasNotLied() throws {
        #expect(try mirror.write([Self.report("A", 9, "/", "/x/web.config", isInformed: false)]).isEmpty)
        #expect(try told().isEmpty)
    }

    @Test func namesThatAreNoneAreNotTaken() throws {
        let long = String(repeating: "a", count: 5000)
        let lies = [
            Self.report("A", 1, "/\u{1B}[2J", "/srv/shop/\u{1B}[2J/web.config"),
            Self.report("A", 1, "/\(long)", "/srv/shop/\(long)/web.config"),
            Self.report("A", 1, "/", "/srv/shop/web.config", section: "a\nb"),
        ]
        for lie in lies { #expect(try mirror.write([lie]) == ["A": .malformed]) }
        #expect(try told().isEmpty)
    }

    @Test func aPoolHasSoManyFilesAndSoMuchInThemAtMost() throws {
        let model = try version(Self.text).model
        let (site, pool) = (model.sites[0], model.pool("A"))
        var ledger = WebConfigLedger(limits: .init(poolFiles: 2, poolBytes: 400, bytes: 1000))
        func tell(_ name: String, _ section: String = "s") -> WebConfigLedger.Decision {
            let report = Self.report("A", 1, "/\(name)", "/srv/shop/\(name)/web.config", section: section)
            let decision = ledger.decide(report, site: site, pool: pool)
            if case .insert(let place) = decision { ledger.note(report, at: place, key: 7) }
            if case .replace(let key, let place) = decision { ledger.note(report, at: place, key: key) }
            return decision
        }
        guard case .insert = tell("a"), case .insert = tell("b") else { return #expect(Bool(false)) }
        #expect(tell("c") == .refuse(.tooMany))
        #expect(tell("a") == .confirm(7))
        guard case .replace = tell("a", "t") else { return #expect(Bool(false)) }
        #expect(tell("a", String(repeating: "x", count: 300)) == .giveUp(7, path: "/a"))
        ledger.remove(site: 1, path: "/b")
        guard case .insert = tell("c") else { return #expect(Bool(false)) }
    }

    // MARK: Further versions

    @Test(arguments: [
        // The application, its folder, its pool, its site, the pool, web.config files as such.
        (
            "<application path=\"/api\" applicationPool=\"B\"><virtualDirectory path=\"/\" physicalPath=\"/srv/api\"/></application>",
            ""
        ),
        ("/srv/api", "/srv/other"), ("path=\"/api\" applicationPool=\"B\"", "path=\"/api\" applicationPool=\"A\""),
        ("id=\"1\"", "id=\"7\""), ("<add name=\"B\"/>", ""),
        ("<add name=\"B\"/>", "<add name=\"B\" enableConfigurationOverride=\"false\"/>"),
    ])
    func whatIsNoPlaceOfThePoolAnyMoreVanishes(_ old: String, _ new: String) throws {
        _ = try mirror.write([shop, api])
        let first = try version(Self.text)
        try mirror.apply(first)
        #expect(try told() == [Self.apiRow, Self.shopRow])
        let next = try #require(try first.following(Array(Self.text.replacing(old, with: new).utf8)))
        try mirror.apply(next)
        #expect(try told() == (old.hasPrefix("id") ? [] : [Self.shopRow]))
        // And may be told again.
        try mirror.apply(try #require(try next.following(Array(Self.text.utf8))))
        #expect(try mirror.write([shop, api]).isEmpty)
        #expect(try told() == [Self.apiRow, Self.shopRow])
    }

    @Test func aChangeThatIsNoneOfTheirsLeavesThem() throws {
        _ = try mirror.write([shop, api])
        let first = try version(Self.text)
        try mirror.apply(first)
        for (old, new) in [
            ("*:80:shop.example", "*:81:"), ("<sites>", "<sites>\n\n"), ("name=\"Shop\"", "name=\"Store\""),
        ] {
            try mirror.apply(version(Self.text.replacing(old, with: new)))
        }
        #expect(
            try told() == [
                ["/srv/api/Web.config", "B", "Store/api/v1", "/api", 3],
                ["/srv/shop/web.config", "A", "Store", "/", 3],
            ])
    }

    @Test func aFolderThatBecomesAnApplicationOfThePoolIsTheApplications() throws {
        _ = try mirror.write([Self.report("A", 1, "/new", "/srv/shop/new/web.config")])
        #expect(try told() == [["/srv/shop/new/web.config", "A", "Shop/new", "/", 3]])
        let more = """
            <application path="/new" applicationPool="A"><virtualDirectory path="/" physicalPath="/srv/shop/new"/></application>
              <application path="/api"
            """
        try mirror.apply(version(Self.text.replacing("<application path=\"/api\"", with: more)))
        #expect(try told() == [["/srv/shop/new/web.config", "A", "Shop/new", "/new", 3]])
    }

    // MARK: Keeping

    @Test func aMirrorThatIsMadeAnewAsksForEverything() throws {
        let keeper = MirrorKeeper(state: folder[""], busyTimeout: .milliseconds(1))
        try keeper.offer(version(Self.text))
        keeper.offer([shop])
        _ = keeper.work()
        #expect(keeper.takeNotes().wantsReports)
        keeper.offer([Self.report("A", 1, "/api", "/srv/api/web.config")])
        _ = keeper.work()
        let notes = keeper.takeNotes()
        #expect(notes.refusals == ["A": .foreign] && !notes.wantsReports)
        for name in folder.names where name.hasPrefix("mirror") { folder.remove(name) }
        try keeper.offer(version(Self.text))
        _ = keeper.work()
        #expect(keeper.takeNotes().wantsReports)
    }

    @Test func wordsThatCannotBeWrittenAreAskedForAgain() throws {
        let keeper = MirrorKeeper(state: folder[""], busyTimeout: .milliseconds(1))
        try keeper.offer(version(Self.text))
        _ = keeper.work()
        _ = keeper.takeNotes()
        try Database.open(folder["mirror.db"], .writing).execute("DROP TABLE file_problem")
        keeper.offer([Self.report("A", 1, "/", "/srv/shop/web.config", problem: .init(line: 1, message: "m"))])
        guard case .trouble = keeper.work() else { return #expect(Bool(false)) }
        guard case .rebuilt = keeper.work() else { return #expect(Bool(false)) }
        #expect(keeper.takeNotes().wantsReports)
    }
}
