import Configuration
import Testing

/// Reference §5.1, `validation`, and Appendix F: what is found in `system.web`, which nobody reads otherwise.
@Suite struct IntegratedModeConflictTests {
    let host = TestServer()

    private func conflict(_ path: String = "/", server: String = "") throws -> String? {
        let system = try host.system("<configuration>\(server)</configuration>")
        let configuration = try system.configuration(at: ConfigurationPath(site: "Site", path: path))
        return try IntegratedModeConflict.first(at: configuration).map { "\($0.setting) \($0.line)" }
    }

    private func write(_ path: String, _ lines: String) {
        host.write(path, "<configuration>\n\(lines)\n</configuration>")
    }

    @Test(arguments: [
        ("<httpModules><add name=\"M\" type=\"T\"/></httpModules>", "httpModules 2"),
        ("<httpHandlers>\n<remove verb=\"*\" path=\"*.asmx\"/>\n</httpHandlers>", "httpHandlers 2"),
        ("<identity impersonate=\"true\"/>", "impersonation 2"),
        ("<identity impersonate=\"True\" userName=\"a\"/>", "impersonation 2"),
        ("<httpModules configSource=\"modules.config\"/>", "httpModules 2"),
        // IIS looks for modules first.
        (
            "<identity impersonate=\"true\"/><httpHandlers><clear/></httpHandlers><httpModules><clear/></httpModules>",
            "httpModules 2"
        ),
    ])
    func whatAnApplicationSetsIsFoundWithItsLine(_ settings: String, expected: String) throws {
        host.addSite("Site")
        write("Site/web.config", "<system.web>\(settings)</system.web>")
        #expect(try conflict() == expected)
    }

    @Test(arguments: [
        "<httpModules/>", "<httpHandlers></httpHandlers>", "<identity impersonate=\"false\"/>",
        "<identity userName=\"a\"/>",
        "<compilation debug=\"true\"/><customErrors mode=\"Off\"/>",
    ])
    func whatSetsNothingIsNoConflict(_ settings: String) throws {
        host.addSite("Site")
        write("Site/web.config", "<system.web>\(settings)</system.web>")
        #expect(try conflict() == nil)
    }

    @Test func nobodyIsToldWhereTheSectionSaysSo() throws {
        host.addSite("Site")
        let modules = "<system.web><httpModules><add name=\"M\" type=\"T\"/></httpModules></system.web>"
        write(
            "Site/web.config",
            modules
                + "<system.webServer><validation validateIntegratedModeConfiguration=\"false\"/></system.webServer>")
        #expect(try conflict() == nil)
    }

    @Test func aSitesSettingsHoldForItsApplicationsUnlessItKeepsThemForItself() throws {
        host.addSite("Site", applications: ["/", "/app"])
        let modules = "<system.web><httpModules><add name=\"M\" type=\"T\"/></httpModules></system.web>"
        write("Site/web.config", modules)
        #expect(try conflict("/app") == "httpModules 2")
        write("Site/web.config", "<location path=\".\" inheritInChildApplications=\"false\">\(modules)</location>")
        #expect(try conflict() == "httpModules 2")
        #expect(try conflict("/app") == nil)
    }

    @Test func theDeepestFileThatSaysSomethingOfImpersonationDecides() throws {
        host.addSite("Site")
        write("Site/web.config", "<system.web><identity impersonate=\"true\"/></system.web>")
        write("Site/inner/web.config", "<system.web><identity impersonate=\"false\"/></system.web>")
        #expect(try conflict("/inner") == nil)
        #expect(try conflict("/other") == "impersonation 2")
    }

    @Test func aLocationConcernsItsFolderAlone() throws {
        host.addSite("Site")
        write(
            "Site/web.config",
            "<location path=\"admin\"><system.web><httpHandlers><clear/></httpHandlers></system.web></location>")
        #expect(try conflict() == nil)
        #expect(try conflict("/admin") == "httpHandlers 2")
        #expect(try conflict("/admin/inner") == "httpHandlers 2")
    }

    @Test func theServersFileConcernsASiteInALocationAlone() throws {
        host.addSite("Site")
        let modules = "<system.web><httpModules><add name=\"M\" type=\"T\"/></httpModules></system.web>"
        #expect(try conflict(server: modules) == nil)
        #expect(try conflict(server: "<location path=\"Site\">\(modules)</location>") == "httpModules 1")
    }
}
