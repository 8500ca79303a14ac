import PipelineTesting
import Platform
import Testing

@testable import Pipeline

/// IIS's global notifications: each at its moment, and only to those who want it.
struct GlobalNotificationsTests {
    /// What was heard, in order.
    final class Ear {
        var heard: [String] = []

        func definition(_ notifications: GlobalNotificationSet, name: String = "Ear") -> ModuleDefinition {
            ModuleDefinition(
                name: name, sections: [], stages: .on(.authenticateRequest),
                global: GlobalSubscription(notifications) { [self] in heard.append(Self.text($0)) }
            ) { _ in Pause() }
        }

        private static func text(_ notification: GlobalNotification) -> String {
            switch notification {
            case .applicationStart(let name): "start \(name)"
            case .applicationStop(let name): "stop \(name)"
            case .configurationChange(let path): "configuration \(path)"
            case .fileChange(let path): "file \(path.text)"
            case .preBeginRequest(let request): "request \(String(decoding: request.resolution.path, as: UTF8.self))"
            case .stopListening: "stop listening"
            }
        }
    }

    /// Holds requests for `/held` until they are resumed.
    final class Pause: Module {
        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            request.resolution.path.starts(with: "/held".utf8) ? .pending : .finishRequest
        }
    }

    let ear = Ear()

    private func host(
        _ definitions: [ModuleDefinition], global: String = "<add name=\"Ear\"/>",
        modules: String = "<add name=\"Ear\"/>", services: TestServices? = nil
    ) throws -> TestHost {
        let host = try TestHost(
            definitions,
            server: """
                <system.webServer>
                  <globalModules><clear/>\(global)</globalModules><modules><clear/>\(modules)</modules>
                </system.webServer>
                """,
            applications: """
                <application path="/shop" applicationPool="Pool"><virtualDirectory path="/" physicalPath="FOLDER/shop"/></application>
                """, services: services)
        host.folder.makeFolder("shop")
        return host
    }

    @Test
    func anApplicationStartsWithItsFirstRequestAndStopsWhenItsVersionGoes() throws {
        let host = try host([ear.definition([.applicationStart, .applicationStop])])
        #expect(ear.heard.isEmpty)
        for path in ["/shop/a", "/shop/b", "/", "/shop/"] { _ = try host.get(path) }
        #expect(ear.heard == ["start Site/shop", "start Site/"])
        ear.heard = []
        host.useNextVersion([ear.definition([.applicationStart, .applicationStop])])
        #expect(ear.heard.sorted() == ["stop Site/", "stop Site/shop"])
        ear.heard = []
        _ = try host.get("/shop/a")
        host.stop()
        #expect(ear.heard == ["start Site/shop", "stop Site/shop"])
    }

    @Test
    func anApplicationWithARequestInWorkStopsAfterIt() throws {
        let host = try host([ear.definition([.applicationStart, .applicationStop])])
        let sink = RecordingSink()
        let request = try #require(try host.begin(TestRequest("/held"), sink))
        host.stop()
        #expect(ear.heard == ["start Site/"])
        request.resume(.finishRequest)
        #expect(sink.hasEnded)
        #expect(ear.heard == ["start Site/", "stop Site/"])
    }

    /// The old version's applications were told to stop before the request was counted in one of them.
    @Test
    func aRequestWhosePathIsLookedAtWhileAnotherVersionComesIsServedFromThatOne() throws {
        let services = TestServices()
        services.holdsWork = true
        let all: GlobalNotificationSet = [.applicationStart, .applicationStop, .preBeginRequest]
        let host = try host([ear.definition(all)], services: services)
        let sink = RecordingSink()
        let next = Ear()
        _ = try host.begin(TestRequest("/shop/a"), sink)
        host.useNextVersion([next.definition(all)])
        services.finishWork()
        #expect(sink.hasEnded)
        // Looked at once for each version.
        #expect(services.workCount == 2)
        host.stop()
        #expect(ear.heard.isEmpty)
        #expect(next.heard == ["start Site/shop", "request /shop/a", "stop Site/shop"])
    }

    @Test
    func aChangedFileIsToldToWhoeverAsksNext() throws {
        let host = try host([ear.definition([.configurationChange])])
        host.folder.makeFolder("www/folder")
        _ = try host.get("/folder/a")
        _ = try host.get("/folder/a")
        #expect(ear.heard.isEmpty)
        try host.configure("folder", "<httpProtocol allowKeepAlive=\"false\"/>")
        host.waitForRecheck()
        _ = try host.get("/folder/a")
        #expect(ear.heard == ["configuration MACHINE/WEBROOT/APPHOST/Site/folder/a"])
        host.useNextVersion([])
        #expect(ear.heard.count == 2 && ear.heard.last == "configuration MACHINE/WEBROOT/APPHOST")
    }

    @Test
    func eachRequestIsToldBeforeItsModules() throws {
        let host = try host([ear.definition([.preBeginRequest, .stopListening])])
        _ = try host.get("/a")
        _ = try host.get("/a")
        host.stopListening()
        #expect(ear.heard == ["request /a", "request /a", "stop listening"])
    }

    @Test
    func aModuleHearsWhereTheServerHasItWhetherOrNotItIsOn() throws {
        let on = try host([ear.definition([.preBeginRequest])], modules: "")
        _ = try on.get("/")
        #expect(ear.heard == ["request /"])
        let off = try host([ear.definition([.preBeginRequest])], global: "", modules: "")
        _ = try off.get("/")
        #expect(ear.heard == ["request /"])
    }

    @Test
    func nobodyHearsWhatTheyDoNotAskFor() throws {
        let other = Ear()
        let host = try host(
            [ear.definition([.stopListening]), other.definition([.applicationStart], name: "Other")],
            global: "<add name=\"Ear\"/><add name=\"Other\"/>")
        _ = try host.get("/")
        host.stopListening()
        #expect(ear.heard == ["stop listening"] && other.heard == ["start Site/"])
    }
}
