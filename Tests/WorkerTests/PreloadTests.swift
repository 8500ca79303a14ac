import Configuration
import HostModel
import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import Worker

/// A worker that warms its applications up before it says that it is ready.
@Suite struct PreloadTests {
    let driver: WorkerDriver

    init() throws {
        driver = try WorkerDriver()
        driver.folder.makeFolder("www/shop")
        for name in ["a.txt", "b.txt", "Default.htm", "shop/Default.htm", "shop/warm.txt"] {
            try driver.folder.write("www/\(name)", "content")
        }
    }

    private func configuration(
        _ pool: String = #"startMode="AlwaysRunning""#, _ application: String = #"preloadEnabled="true""#,
        section: String = ""
    ) -> String {
        """
        <configuration>
          <system.applicationHost>
            <applicationPools><add name="Pool" \(pool)/></applicationPools>
            <sites><site name="Site" id="1">
              <application path="/" applicationPool="Pool" \(application)><virtualDirectory path="/" physicalPath="\(driver.folder.path)/www"/></application>
              <application path="/shop" applicationPool="Pool"><virtualDirectory path="/" physicalPath="\(driver.folder.path)/www/shop"/></application>
              <bindings><binding protocol="http" bindingInformation="*:80:shop.example"/></bindings>
            </site></sites>
          </system.applicationHost>
          \(section)
        </configuration>
        """
    }

    /// What the worker asked itself for, and whether it was ready by then.
    private var told: [String] {
        driver.messages.compactMap { message in
            switch message {
            case .traced(let request): request.target
            case .ready: "ready"
            default: nil
            }
        }
    }

    private func start(_ text: String) throws {
        driver.send(.trace)
        try driver.configure(text: text)
    }

    @Test func theRootOfAPreloadedApplicationIsAskedForBeforeTheWorkerIsReady() throws {
        try start(configuration())
        #expect(driver.wait { told.last == "ready" })
        #expect(told == ["/", "ready"])
    }

    @Test func itsInitializationPagesAreAskedForInstead() throws {
        let pages = """
            <system.webServer><applicationInitialization><add initializationPage="/a.txt"/>
            <add initializationPage="/b.txt?x=1"/></applicationInitialization></system.webServer>
            """
        try start(configuration(section: "<location path=\"Site\">\(pages)</location>"))
        #expect(driver.wait { told.last == "ready" })
        #expect(told.sorted() == ["/a.txt", "/b.txt?x=1", "ready"])
    }

    @Test(arguments: [false, true]) func nothingBeginsBehindADrainAlthoughItWasBeingRead(drains: Bool) throws {
        let services = TestServices()
        services.holdsWork = true
        let server = try ServerConfiguration(bytes: Array(configuration().utf8), path: "applicationHost.config")
        let model = HostModel.build(server)
        let system = ConfigurationSystem(server: server, layout: model.layouts())
        let resolver = PathResolver(
            model: model, system: system, definitions: [], traits: WorkerTraits(), report: { _ in })
        let pipeline = RequestPipeline(resolver: resolver, services: services) { 0 }
        let preload = Preload(on: driver.loop, services: services)
        var isReady = false
        let plan = PreloadPlan(server, model, pool: try #require(model.poolsByName()["pool"]))
        preload.run(plan, in: pipeline, isFirst: true) { isReady = true }
        #expect(services.workCount == 1 && !isReady)
        if drains { preload.stop() }
        services.finishWork()
        // A request looks at the disk.
        #expect((services.workCount == 1) == drains)
        #expect(driver.wait { isReady })
    }

    @Test(arguments: [
        (#"startMode="OnDemand""#, #"preloadEnabled="true""#), (#"startMode="AlwaysRunning""#, ""),
    ])
    func withoutBothSettingsNothingIsAskedFor(pool: String, application: String) throws {
        try start(configuration(pool, application))
        #expect(driver.wait { told.last == "ready" })
        for _ in 0..<20 { driver.turn() }
        #expect(told == ["ready"])
    }

    @Test func anApplicationThatInitializesAfterRestartsIsWarmedUpWhileTheWorkerServes() throws {
        let section = """
            <location path="Site/shop"><system.webServer><applicationInitialization doAppInitAfterRestart="true">
            <add initializationPage="/warm.txt"/></applicationInitialization></system.webServer></location>
            """
        try start(configuration("", "", section: section))
        #expect(driver.wait { told.count == 2 })
        #expect(told == ["ready", "/shop/warm.txt"])
    }

    @Test func aWorkerIsReadyOnceForEachConfiguration() throws {
        try start(configuration())
        try driver.configure(text: configuration())
        #expect(driver.wait { told.filter { $0 == "ready" }.count == 2 })
        for _ in 0..<20 { driver.turn() }
        #expect(told.filter { $0 == "ready" }.count == 2)
    }

    @Test func aPageThatNobodyCanAskForIsLeftOut() throws {
        let pages = """
            <location path="Site"><system.webServer><applicationInitialization>
            <add initializationPage="/%zz"/><add initializationPage="/../../x"/><add initializationPage="/a b"/>
            </applicationInitialization></system.webServer></location>
            """
        try start(configuration(section: pages))
        #expect(driver.wait { told.last == "ready" })
        #expect(told == ["ready"])
    }

    @Test func aPageIsAskedForAsAClientOfTheMachineWould() throws {
        let page = PreloadPlan.Page(
            siteID: 7, application: "/shop", target: "/shop/warm%20up?x=%31", host: "shop.example", scheme: .https,
            port: 443, isNamed: true)
        let head = try #require(page.head())
        func text(_ span: Span<UInt8>) -> String { String(decoding: [UInt8](copying: span), as: UTF8.self) }
        #expect(text(head.method) == "GET")
        #expect(text(head.target) == "/shop/warm%20up?x=%31")
        #expect(text(head.path) == "/shop/warm up")
        #expect(text(head.query) == "x=%31")
        #expect(head.applicationPathLength == 5 && head.siteID == 7)
        let host = try #require(head.field("host"))
        #expect(text(head.value(ofField: host)) == "shop.example")
        let agent = try #require(head.field("user-agent"))
        #expect(text(head.value(ofField: agent)) == "IIS Application Initialization Warmup")
    }
}
