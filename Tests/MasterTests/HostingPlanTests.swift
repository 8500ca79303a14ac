import Configuration
import HostModel
import Testing
import Wire

@testable import Master

@Suite struct HostingPlanTests {
    private var numbers = PoolNumbers()

    /// The plan of a configuration with these sites and pools.
    private mutating func plan(_ sites: String, pools: String = "<add name=\"Pool\"/>") throws -> HostingPlan {
        let text = """
            <configuration><system.applicationHost>
            <applicationPools>\(pools)</applicationPools><sites>\(sites)</sites>
            </system.applicationHost></configuration>
            """
        let server = try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config")
        return HostingPlan(HostModel.build(server), numbers: &numbers)
    }

    private func site(
        _ name: String, _ id: Int, _ bindings: [String], pool: String = "Pool", attributes: String = "",
        protocol name2: String = "http"
    ) -> String {
        let list = bindings.map { "<binding protocol=\"\(name2)\" bindingInformation=\"\($0)\"/>" }.joined()
        return """
            <site name="\(name)" id="\(id)" \(attributes)><bindings>\(list)</bindings>
            <application path="/" applicationPool="\(pool)"><virtualDirectory path="/" physicalPath="/srv"/></application>
            </site>
            """
    }

    private func endpoint(_ port: UInt16, _ address: IPAddress = .any) -> Endpoint {
        Endpoint(address: address, port: port)
    }

    @Test mutating func aSiteBecomesARouteWithItsBindingsLimitsAndApplications() throws {
        let plan = try plan(site("A", 7, ["*:80:www.a.com", "10.0.0.1:8080:", "[::1]:81:*.b.com"]))
        let pool = try #require(plan.pools.values.first)
        #expect(pool.name == "Pool")
        #expect(
            plan.routes.sites == [
                .init(
                    id: 7, name: "A", state: .started, limits: .init(),
                    bindings: [
                        .init(port: 80, host: .exact("www.a.com")),
                        .init(address: IPAddress(v4: 0x0A00_0001), port: 8080),
                        .init(address: IPAddress(high: 0, low: 1), port: 81, host: .suffix("b.com")),
                    ], applications: [.init(path: "/", pool: pool.id)], log: 0)
            ])
        #expect(plan.routes.logs.map(\.period) == [.daily] && plan.routes.logs[0].truncateSize == 20_971_520)
        // IIS's default queue length.
        #expect(plan.routes.pools == [.init(id: pool.id, name: "Pool", queueLength: 1000, state: .started)])
        #expect(
            plan.endpoints == [
                endpoint(80), endpoint(81, IPAddress(high: 0, low: 1)), endpoint(8080, IPAddress(v4: 0x0A00_0001)),
            ])
    }

    @Test mutating func aPortThatAWildcardNamesHasOneSocket() throws {
        let plan = try plan(
            site("A", 1, ["10.0.0.1:80:"]) + site("B", 2, ["*:80:b.com"]) + site("C", 3, ["0.0.0.0:80:c.com"]))
        #expect(plan.endpoints == [endpoint(80)])
        #expect(plan.sites == [endpoint(80): ["A", "B", "C"]])
    }

    @Test mutating func httpsIsNeverOpened() throws {
        let plan = try plan(site("A", 1, ["*:443:"], protocol: "https"))
        #expect(plan.endpoints == [])
        #expect(plan.routes.sites.map(\.bindings) == [[]])
    }

    @Test mutating func aStoppedSiteHasNoSocketOfItsOwn() throws {
        let plan = try plan(site("A", 1, ["*:80:"], attributes: "serverAutoStart=\"false\"") + site("B", 2, ["*:81:"]))
        #expect(plan.endpoints == [endpoint(81)])
        #expect(plan.routes.sites.map(\.state) == [.stopped, .started])
    }

    @Test mutating func ofTwoSitesWithOneBindingTheFirstHasItAndTheOtherKeepsItsOwn() throws {
        let plan = try plan(site("A", 1, ["*:80:"]) + site("B", 2, ["*:80:", "*:81:"]))
        #expect(plan.routes.sites.map(\.state) == [.started, .unavailable])
        #expect(plan.routes.sites.map { $0.bindings.map(\.port) } == [[80], [81]])
    }

    @Test mutating func anApplicationWithoutItsPoolAnswers503() throws {
        let plan = try plan(site("A", 1, ["*:80:"], pool: "Nowhere"))
        let pool = try #require(plan.routes.sites.first?.applications.first?.pool)
        let state = plan.routes.pools.first { $0.id == pool }?.state
        #expect(state == .offline || plan.routes.sites.first?.state == .unavailable)
        #expect(plan.pools[pool] == nil, "nothing is started for it")
    }

    @Test mutating func aPoolsSettingsAreThoseOfTheConfiguration() throws {
        let pools = """
            <add name="P" autoStart="false" startMode="AlwaysRunning" queueLength="20">
            <processModel startupTimeLimit="00:00:10" shutdownTimeLimit="00:00:20"/>
            <recycling disallowOverlappingRotation="true" disallowRotationOnConfigChange="true"/>
            <failure rapidFailProtectionInterval="00:02:00" rapidFailProtectionMaxCrashes="3"/>
            <environmentVariables><add name="A" value="1"/></environmentVariables></add>
            <add name="Q"><failure rapidFailProtection="false"/></add>
            """
        let plan = try plan("", pools: pools)
        let first = try #require(plan.pools.values.first { $0.name == "P" })
        #expect(first.state == .disabled)
        #expect(first.startsAtOnce)
        #expect(first.startupTimeLimit == .seconds(10))
        #expect(first.shutdownTimeLimit == .seconds(20))
        #expect(!first.overlaps)
        #expect(!first.followsChanges)
        #expect(first.rapidFailProtection == .init(interval: .seconds(120), maximumCrashes: 3))
        #expect(first.environment.map { "\($0.name)=\($0.value)" } == ["A=1"])
        #expect(plan.routes.pools.map(\.queueLength) == [20, 1000])
        #expect(plan.pools.values.first { $0.name == "Q" }?.rapidFailProtection == nil)
    }

    @Test mutating func aPoolKeepsItsNumberWhateverComesAndGoes() throws {
        let first = try plan("", pools: "<add name=\"A\"/><add name=\"B\"/>")
        let second = try plan("", pools: "<add name=\"C\"/><add name=\"b\"/>")
        let b = try #require(first.routes.pools.first { $0.name == "B" })
        #expect(second.routes.pools.first { $0.name == "b" }?.id == b.id)
        let c = try #require(second.routes.pools.first { $0.name == "C" })
        #expect(!first.routes.pools.contains { $0.id == c.id })
    }
}
