import AppCmd
import Testing

/// `list … /xml | set … /in` and its kin (reference §7.5).
@Suite struct PipeTests {
    private let instance = TestInstance()

    /// What an export says is so already: nothing is written, and every object is told.
    @Test(arguments: ["site", "app", "vdir", "apppool"], [[], ["/config"]])
    func anObjectIsPipedBackToItself(_ object: String, _ more: [String]) {
        instance.piped = AppCmd.run(["list", object, "/xml"] + more, instance).text()
        let names = instance.run("list", object, "/text:\(object).name").lines
        let answer = instance.run("set", object, "/in")
        #expect(answer.code == 0)
        #expect(answer.lines == names.map { "\(object.uppercased()) object \"\($0)\" changed" })
        #expect(instance.text == TestInstance.usual)
    }

    @Test(arguments: ["site", "app", "vdir", "apppool"])
    func anExportIsSetElsewhere(_ object: String) {
        let other = TestInstance(
            TestInstance.usual.replacing("serverAutoStart=\"false\"", with: "serverAutoStart=\"true\"")
                .replacing("applicationPool=\"Plain\"", with: "applicationPool=\"DefaultAppPool\"")
                .replacing("/srv/vdir1", with: "/srv/elsewhere").replacing("v4.0", with: "v2.0"))
        other.piped = instance.says("list", object, "/config", "/xml")
        #expect(other.run("set", object, "/in").code == 0)
        #expect(other.says("list", object, "/config") == instance.says("list", object, "/config"))
    }

    @Test func aSectionIsPipedBack() {
        instance.piped = instance.says("list", "config", "/section:applicationPools", "/config", "/xml")
        #expect(instance.run("set", "config", "/in").code == 0)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func aModuleIsPipedBack() {
        instance.piped = instance.says("list", "module", "StaticFileModule", "/xml")
        #expect(
            instance.run("delete", "module", "/in").lines == ["MODULE object \"StaticFileModule\" deleted"])
    }

    @Test func bindingsAreListedWithTheirSites() {
        #expect(
            instance.says("list", "binding") == "BINDING \"https/*:443:h\" (site:Default Web Site,sslFlags:0)\n")
        #expect(instance.run("list", "binding", "/site.name:MySite").code == 1)
        instance.piped = instance.says("list", "site", "/xml")
        #expect(instance.says("list", "binding", "/in", "/text:binding.name") == "https/*:443:h\n")
    }

    /// A site of two applications is one site.
    @Test func whatSeveralLeadToIsDoneOnce() {
        instance.running = TestInstance.started
        instance.piped = instance.says("list", "app", "/site.name:Default Web Site", "/xml")
        #expect(instance.run("set", "site", "/in").lines == ["SITE object \"Default Web Site\" changed"])
        #expect(instance.run("stop", "site", "/in").lines == ["\"Default Web Site\" successfully stopped"])
        #expect(instance.run("delete", "site", "/in").lines == ["SITE object \"Default Web Site\" deleted"])
        instance.running = LiveState(
            sites: [:], pools: ["defaultapppool": "Started", "plain": "Started"],
            workers: [.init(pid: 3, pool: "DefaultAppPool"), .init(pid: 4, pool: "defaultapppool")])
        instance.piped = instance.says("list", "wp", "/xml")
        #expect(instance.run("recycle", "apppool", "/in").lines == ["\"DefaultAppPool\" successfully recycled"])
        #expect(instance.orders == [.stopSite("Default Web Site"), .recycle(pool: "DefaultAppPool")])
    }

    @Test func anOrderGoesOnBehindARefusal() {
        instance.running = TestInstance.started
        instance.piped = instance.says("list", "apppool", "/xml")
        #expect(
            instance.run("start", "apppool", "/in")
                == Answer(
                    [
                        "ERROR ( message:The object \"DefaultAppPool\" is already started. )",
                        "\"Plain\" successfully started.",
                    ], code: 1056))
        #expect(instance.orders == [.startPool("Plain")])
    }

    /// A collection that begins anew is the export's, however often it is taken in.
    @Test func anExportThatClearsIsTakenInOnce() {
        let schedule = "/recycling.periodicRestart.schedule"
        let cleared = TestInstance(
            TestInstance.usual.replacing(
                "<add name=\"Plain\" autoStart=\"false\"/>",
                with: """
                    <add name="Plain"><recycling><periodicRestart><schedule><clear/><add value="03:00:00"/></schedule>
                    </periodicRestart></recycling></add>
                    """))
        instance.piped = cleared.says("list", "apppool", "Plain", "/config", "/xml")
        #expect(
            instance.run("set", "apppool", "Plain", "\(schedule.replacing("/", with: "/+")).[value='05:00:00']").code
                == 0)
        for _ in 0..<2 { #expect(instance.run("set", "apppool", "/in").code == 0) }
        #expect(instance.text.components(of: "<clear") == 1)
        #expect(instance.text.components(of: "03:00:00") == 1)
        #expect(instance.text.components(of: "05:00:00") == 0)
        cleared.piped = instance.piped
        let before = cleared.text
        #expect(cleared.run("set", "apppool", "/in").code == 0)
        #expect(cleared.text == before)
    }
}

extension String {
    fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
