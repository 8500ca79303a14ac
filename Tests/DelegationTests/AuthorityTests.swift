import Administration
import Configuration
import Events
import HostModel
import Testing

@testable import Delegation

@Suite struct AuthorityTests {
    /// Blog runs in a pool of its own; Shop and News share one.
    private static func model() throws -> HostModel {
        func site(_ name: String, _ id: Int, _ pool: String) -> String {
            """
            <site name="\(name)" id="\(id)"><application path="/" applicationPool="\(pool)">\
            <virtualDirectory path="/" physicalPath="/srv/\(name)"/></application>\
            <bindings><binding protocol="http" bindingInformation="*:80:\(name).example"/></bindings></site>
            """
        }
        let text = """
            <configuration><system.applicationHost>
            <applicationPools><add name="Blog"/><add name="Common"/><add name="Empty"/></applicationPools>
            <sites>\(site("Blog", 1, "Blog"))\(site("Shop", 2, "Common"))\(site("News", 3, "Common"))</sites>
            </system.applicationHost></configuration>
            """
        return HostModel.build(try ServerConfiguration(bytes: Array(text.utf8), path: "test"))
    }

    private let model: HostModel
    private let everybody = Authority.Everybody(
        owner: 0, Roster(Delegations()) { $0.name == "hostelry-admin" ? 900 : nil })

    init() throws { model = try Self.model() }

    private func delegate(_ paths: String...) -> Authority { .scopes(paths.map { ConfigurationPath(text: $0) }) }

    private func code(_ authority: Authority, _ operation: ControlRequest.Operation) -> ControlRefusal.Code? {
        authority.refusal(of: operation, in: model, everybody)?.code
    }

    @Test func administratorsMayDoEverything() {
        for operation: ControlRequest.Operation in [.stop(now: true), .reload, .recycle(pool: "Common"), .upgrade] {
            #expect(code(.everything, operation) == nil)
        }
    }

    @Test func aSitesOwnerManagesThatSiteAlone() {
        let alice = delegate("/blog")
        #expect(code(alice, .status) == nil)
        #expect(code(alice, .startSite("BLOG")) == nil)
        #expect(code(alice, .stopSite("Shop")) == .denied)
        #expect(code(alice, .stopSite("Blog/../Shop")) == .denied)
        #expect(code(alice, .stopSite("Bl")) == .denied)
        #expect(code(alice, .startPool("Blog")) == .denied)
        #expect(code(alice, .reload) == .denied)
        #expect(code(alice, .change(staged: "1")) == .denied)
        #expect(code(alice, .webConfig(WebConfigOrder(site: "blog", path: "/app", .read))) == nil)
        #expect(code(alice, .webConfig(WebConfigOrder(site: "Shop", .read))) == .denied)
    }

    @Test func aPoolIsRecycledByWhomItRunsForAlone() {
        #expect(code(delegate("Blog"), .recycle(pool: "blog")) == nil)
        #expect(code(delegate("Shop"), .recycle(pool: "Common")) == .denied)
        #expect(code(delegate("Shop", "News"), .recycle(pool: "Common")) == nil)
        #expect(code(delegate("Blog"), .recycle(pool: "Empty")) == .denied)
        #expect(code(delegate("Blog"), .recycle(pool: "Nowhere")) == .denied)
    }

    @Test func anApplicationsOwnerChangesItsFilesAndNothingElse() {
        let bob = delegate("Blog/app")
        #expect(code(bob, .webConfig(WebConfigOrder(site: "Blog", path: "/APP/sub", .read))) == nil)
        #expect(code(bob, .webConfig(WebConfigOrder(site: "Blog", path: "/application", .read))) == .denied)
        #expect(code(bob, .webConfig(WebConfigOrder(site: "Blog", path: "/", .read))) == .denied)
        #expect(code(bob, .stopSite("Blog")) == .denied)
        #expect(code(bob, .recycle(pool: "Blog")) == .denied)
    }

    @Test func aRefusalSaysWhoMayAndWhatIsOnesOwn() throws {
        let text = try #require(delegate("Blog").refusal(of: .reload, in: model, everybody)).text
        #expect(text.contains("root and members of hostelry-admin"))
        #expect(text.contains("\"Blog\""))
        let stranger = Authority.strangerRefusal(user: 1000, everybody)
        #expect(stranger.code == .denied && stranger.text.contains("hostelry site owner add SITE 1000"))
    }

    @Test func aStatusShowsWhatIsOnesOwn() {
        func pool(_ name: String) -> ServerStatus.Pool {
            .init(
                name: name, state: "started", identity: "x", queued: 3, reasons: ["r"],
                workers: [.init(id: 1, process: .init(pid: 5), state: "ready", requests: 7)])
        }
        func site(_ name: String) -> ServerStatus.Site {
            .init(id: 1, name: name, state: "started", reasons: [], bindings: [])
        }
        let status = ServerStatus(
            process: .init(pid: 1, memory: 9), version: "1", state: "running", configuration: "/c", stateFolder: "/s",
            router: .init(process: .init(pid: 2), state: "ready", connections: 4),
            sites: [site("Blog"), site("Shop"), site("News")], pools: [pool("Blog"), pool("Common"), pool("Empty")])
        let seen = delegate("Blog", "Shop").seen(status, in: model)
        #expect(seen.sites.map(\.name) == ["Blog", "Shop"])
        #expect(seen.pools.map(\.name) == ["Blog", "Common"])
        #expect(seen.pools[0] == pool("Blog"))
        #expect(seen.pools[1].workers.isEmpty && seen.pools[1].queued == nil)
        #expect(seen.router.connections == nil && seen.process.memory == nil)
        #expect(Authority.everything.seen(status, in: model) == status)
        // As the answer carries it.
        let answer = delegate("Blog").seen(.done(status.members), to: .status, in: model)
        #expect(!answer.line.contains("News"))
    }

    @Test func requestsOfOtherSitesAreNotTold() {
        let own = ["Blog", "Shop"].map { JSONValue.object(["site": .text($0)]) }
        // The number of a site that is gone is a name here.
        let rows = own + [.object(["site": .text("Shop"), "removed": .boolean(true)])]
        let answer = ControlAnswer.done([.init("requests", .array(rows))])
        #expect(
            delegate("Shop").seen(answer, to: .requests, in: model) == .done([.init("requests", .array([rows[1]]))]))
    }

    @Test func eventsOfOnesSitesAndPoolsAreTold() {
        let sees = delegate("Blog", "Shop").seesEvents(in: model)
        func line(_ object: String) -> [UInt8] {
            Array(EventFormat.json.line(Event(.siteStarted, object, "x"), time: "t", sequence: 1).utf8)
        }
        #expect(sees(line(EventObject.site("Blog"))) && sees(line(EventObject.pool("Blog"))))
        #expect(!sees(line(EventObject.site("News"))) && !sees(line(EventObject.pool("Common"))))
        #expect(!sees(line("")) && !sees(Array("garbage".utf8)))
    }
}
