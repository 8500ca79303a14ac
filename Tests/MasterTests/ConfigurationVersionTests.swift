import Configuration
import HostModel
import TestSupport
import Testing
import Wire

@testable import Master

/// A version made of the one before leads to the same plan as one that was read whole.
@Suite struct ConfigurationVersionTests {
    private let folder: TemporaryFolder
    private var path: String { folder["applicationHost.config"] }

    init() throws { folder = try TemporaryFolder() }

    private func write(sites: [String], pools: [String]) throws {
        let names = pools.map { "<add name=\"\($0)\"/>" }.joined()
        try folder.write(
            "applicationHost.config",
            """
            <configuration><system.applicationHost><applicationPools>\(names)</applicationPools>
            <sites>\(sites.joined(separator: "\n"))</sites></system.applicationHost></configuration>
            """)
    }

    private func site(_ id: Int) -> String {
        let host = Int.random(in: 0..<5) == 0 ? "shared" : "s\(id)"
        let port = [80, 80, 80, 81][Int.random(in: 0..<4)]
        let address = ["*", "*", "127.0.0.1"][Int.random(in: 0..<3)]
        let pool = ["P", "Q", "R"][Int.random(in: 0..<3)]
        let log = Int.random(in: 0..<4) == 0 ? "<logFile directory=\"/logs/\(Int.random(in: 0..<5))\"/>" : ""
        let state = Int.random(in: 0..<6) == 0 ? " serverAutoStart=\"false\"" : ""
        return """
            <site name="S\(id)" id="\(id)"\(state)>\(log)<application path="/" applicationPool="\(pool)">
            <virtualDirectory path="/" physicalPath="/srv/\(Int.random(in: 0..<9))"/></application>
            <bindings><binding protocol="http" bindingInformation="\(address):\(port):\(host)"/></bindings></site>
            """
    }

    /// The sites without their logs' numbers, which may differ.
    private func sites(_ plan: HostingPlan) -> [RouteTable.Site] {
        plan.routes.sites.map { site in
            var plain = site
            plain.log = nil
            return plain
        }
    }

    /// What the sites' logs are like.
    private func logs(_ plan: HostingPlan) -> [LogSettings?] {
        plan.routes.sites.map { site in site.log.map { plan.routes.logs[Int($0)] } }
    }

    @Test func aPlanThatIsTakenOverEqualsOneThatIsMadeAnew() throws {
        var texts = (1...15).map(site)
        var pools = ["P", "Q"]
        try write(sites: texts, pools: pools)
        var version = try ConfigurationVersion.read(path, state: "/state")
        var numbers = PoolNumbers()
        var plan = HostingPlan(version.model, numbers: &numbers)
        for _ in 0..<60 {
            switch Int.random(in: 0..<8) {
            case 0: texts.remove(at: Int.random(in: 0..<texts.count))
            case 1: texts.insert(site(Int.random(in: 20..<1_000_000)), at: Int.random(in: 0...texts.count))
            case 2:
                let length = "Q\" queueLength=\"\(Int.random(in: 10..<13))"
                pools = [["P", "Q"], ["P", "Q", "R"], ["Q"], ["P", length, "R"], [length]][Int.random(in: 0..<5)]
            default: texts[Int.random(in: 0..<texts.count)] = site(Int.random(in: 20..<1_000_000))
            }
            try write(sites: texts, pools: pools)
            guard let next = try version.next().get() else { continue }
            let whole = HostingPlan(
                try ConfigurationVersion.read(path, state: "/state").model, numbers: &numbers)
            plan = HostingPlan(next.model, after: (version.model, plan), numbers: &numbers)
            #expect(sites(plan) == sites(whole))
            #expect(logs(plan) == logs(whole))
            #expect(plan.routes.pools == whole.routes.pools && plan.pools == whole.pools)
            #expect(plan.endpoints == whole.endpoints && plan.sites == whole.sites)
            version = next
        }
    }

    @Test func aFileThatSaysTheSameIsNoNewVersion() throws {
        try write(sites: [site(1)], pools: ["P"])
        let version = try ConfigurationVersion.read(path, state: "/state")
        #expect(try version.next().get() == nil)
    }

    @Test func anotherSchemaFileIsANewVersion() throws {
        try write(sites: [], pools: ["P"])
        let version = try ConfigurationVersion.read(path, state: "/state")
        folder.makeFolder("schema")
        try folder.write(
            "schema/acme.xml",
            "<configSchema><sectionSchema name=\"acme\"><attribute name=\"size\" type=\"uint\"/></sectionSchema></configSchema>"
        )
        let next = try #require(try version.next().get())
        #expect(next.server.schema.section("acme") != nil)
        #expect(try next.next().get() == nil)
    }

    @Test func aChangedSiteConcernsItsPoolAndNoOther() throws {
        let one = site(1).replacing("\"Q\"", with: "\"P\"").replacing("\"R\"", with: "\"P\"")
        let two = site(2).replacing("\"P\"", with: "\"Q\"").replacing("\"R\"", with: "\"Q\"")
        try write(sites: [one, two], pools: ["P", "Q"])
        let version = try ConfigurationVersion.read(path, state: "/state")
        try write(sites: [one, two.replacing("/srv/", with: "/other/")], pools: ["P", "Q"])
        let next = try #require(try version.next().get())
        #expect(version.poolChanges(to: next) == ["Q": .settings])
        #expect(!next.slice(ofPool: "P").isEmpty)
    }
}
