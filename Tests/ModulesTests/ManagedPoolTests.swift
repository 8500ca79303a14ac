import Modules
import Pipeline
import PipelineTesting
import Platform
import TestSupport
import Testing

/// Reference §5.1 (`validation`), §5.2 (*preConditions*, *Handlers*) and Appendix H: what a pool with a managed runtime
/// answers where the .NET Framework is never there.
struct ManagedPoolTests {
    private static let managed = WorkerTraits(managedRuntimeVersion: "v4.0")

    private func host(_ traits: WorkerTraits, server: String = "") throws -> TestHost {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices(), traits: traits), server: server,
            traits: traits)
        for file in ["a.txt", "settings.json", "page.aspx", "view.cshtml", "index.html", "folder/index.html"] {
            try host.folder.write("www/\(file)", "secret")
        }
        return host
    }

    private func write(_ host: TestHost, _ settings: String) throws {
        try host.folder.write(
            "www/web.config", "<configuration>\n<system.web>\n\(settings)\n</system.web>\n</configuration>")
    }

    // MARK: validation

    @Test(arguments: [
        ("<httpModules><add name=\"M\" type=\"T\"/></httpModules>", "500.22"),
        ("<httpHandlers><add verb=\"*\" path=\"*.x\" type=\"T\"/></httpHandlers>", "500.23"),
        ("<identity impersonate=\"true\"/>", "500.24"),
    ])
    func settingsOfClassicModeAreRefusedInIntegratedMode(_ settings: String, status: String) throws {
        let host = try host(Self.managed)
        try write(host, settings)
        let answer = try host.getLocally("/a.txt")
        #expect(answer.detailedStatus == status)
        #expect(answer.text.contains("ConfigurationValidationModule") && answer.text.contains("line 3"))
        #expect(!answer.text.contains("secret"))
        // Whoever is elsewhere reads nothing of the server's files.
        #expect(try !host.get("/a.txt").text.contains("web.config"))
    }

    @Test(arguments: [WorkerTraits(), WorkerTraits(isClassicMode: true, managedRuntimeVersion: "v4.0")])
    func elsewhereTheyAreNotLookedAt(_ traits: WorkerTraits) throws {
        let host = try host(traits)
        try write(host, "<httpModules><add name=\"M\" type=\"T\"/></httpModules>")
        #expect(try host.get("/a.txt").status == 200)
    }

    @Test
    func aChangedFileIsSeen() throws {
        let host = try host(Self.managed)
        try write(host, "<httpModules/>")
        #expect(try host.get("/a.txt").status == 200)
        try write(host, "<httpModules><add name=\"M\" type=\"T\"/></httpModules>")
        host.waitForRecheck()
        #expect(try host.getLocally("/a.txt").detailedStatus == "500.22")
        try write(host, "")
        host.waitForRecheck()
        #expect(try host.get("/a.txt").status == 200)
    }

    // MARK: handlers

    private static let entries = """
        <handlers>
          <add name="Json" path="*.json" verb="GET" type="A.Handler" preCondition="integratedMode,runtimeVersionv4.0"/>
          <add name="Old" path="*.txt" verb="GET" type="A.Handler" preCondition="integratedMode,runtimeVersionv2.0"/>
        </handlers>
        """

    @Test
    func whatAManagedHandlerWouldTakeIsNeverShownAsAFile() throws {
        let host = try host(Self.managed)
        try host.configure("", Self.entries)
        let answer = try host.getLocally("/settings.json")
        #expect(answer.detailedStatus == "500.21")
        #expect(answer.text.contains("ManagedPipelineHandler") && !answer.text.contains("secret"))
        // Another version's entry is not there.
        #expect(try host.get("/a.txt").text == "secret")
    }

    @Test
    func withoutManagedCodeTheNextHandlerTakesIt() throws {
        let host = try host(WorkerTraits())
        try host.configure("", Self.entries)
        #expect(try host.get("/settings.json").text == "secret")
    }

    @Test
    func noSpellingOfThePoolsVersionLetsAFileThrough() throws {
        let host = try host(WorkerTraits(managedRuntimeVersion: "V4.0"))
        try host.configure("", Self.entries)
        #expect(try host.getLocally("/settings.json").detailedStatus == "500.21")
    }

    /// The handlers of the IIS Express file.
    private static let stock: String? = {
        guard let bytes = try? Corpus.bytes("iis-express/applicationHost.config") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let start = text.firstRange(of: "<handlers "), let end = text.firstRange(of: "</handlers>") else {
            return nil
        }
        let section = String(text[start.lowerBound..<end.upperBound])
        return section.replacing(
            "<handlers accessPolicy=\"Read, Script\">", with: "<handlers accessPolicy=\"Read, Script\"><clear/>")
    }()

    @Test(.enabled(if: stock != nil, "\(Corpus.absence)"))
    func theStockListAnswersAsInItsPool() throws {
        let server =
            "<location path=\"\" overrideMode=\"Allow\"><system.webServer>\(Self.stock ?? "")</system.webServer></location>"
        let managed = try host(Self.managed, server: server)
        for path in ["/page.aspx", "/view.cshtml", "/trace.axd", "/api/orders"] {
            #expect(try managed.getLocally(path).detailedStatus == "500.21", "\(path)")
        }
        for path in ["/a.txt", "/", "/folder/"] { #expect(try managed.get(path).text == "secret", "\(path)") }
        let plain = try host(WorkerTraits(), server: server)
        #expect(try plain.get("/").text == "secret")
        #expect(try plain.get("/folder/").text == "secret")
        #expect(try plain.getLocally("/page.aspx").detailedStatus == "404.3")
        #expect(try plain.getLocally("/view.cshtml").detailedStatus == "404.3")
        let classic = try host(WorkerTraits(isClassicMode: true, managedRuntimeVersion: "v2.0"), server: server)
        #expect(try classic.getLocally("/page.aspx").detailedStatus == "500.21")
        #expect(try classic.get("/").text == "secret")
    }
}
