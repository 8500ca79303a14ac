import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// Reference §5.2, *Handlers*, and Appendix B: which entry takes a request.
struct HandlerChoiceTests {
    /// Lets everybody in, and answers with the name of the handler it works for.
    final class NamingModule: Module {
        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            if stage.notification == .authenticateRequest {
                request.user = .anonymous
                return .continue
            }
            request.response.body = .bytes(Array((request.handler?.name ?? "").utf8))
            request.response.set(status: 200)
            return .finishRequest
        }
    }

    /// A server with these handlers, of which each `M` stands for a module that answers with the handler's name.
    private func host(_ handlers: String, policy: String = "Read, Script") throws -> TestHost {
        let definition = ModuleDefinition(name: "M", sections: [], stages: .on(.authenticateRequest)) { _ in
            NamingModule()
        }
        let host = try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers accessPolicy="\(policy)"><clear/>\(handlers)</handlers>
                </system.webServer>
                """)
        try host.folder.write("www/file.txt", "")
        try host.folder.write("www/run.cgi", "")
        host.folder.makeFolder("www/folder")
        return host
    }

    private func answer(_ host: TestHost, _ path: String, _ method: String = "GET") throws -> String {
        var request = TestRequest(path)
        request.method = method
        let answer = try host.send(request)
        return answer.status == 200 ? answer.text : "\(answer.status).\(answer.head?.subStatus ?? 0)"
    }

    @Test
    func theFirstEntryThatFitsTakesTheRequest() throws {
        let host = try host(
            """
            <add name="Text" path="*.txt" verb="*" modules="M"/><add name="More" path="*.txt, *.css" verb="*" modules="M"/>
            <add name="Rest" path="*" verb="*" modules="M"/>
            """)
        #expect(try answer(host, "/file.txt") == "Text")
        #expect(try answer(host, "/a.css") == "More")
        #expect(try answer(host, "/") == "Rest")
    }

    @Test
    func verbsAreAListThatIsComparedWithCase() throws {
        let host = try host(
            """
            <add name="Lower" path="*" verb="get" modules="M"/><add name="Two" path="*" verb="POST, PURGE" modules="M"/>
            <add name="Any" path="*" verb="GET,*" modules="M"/>
            """)
        #expect(try answer(host, "/") == "Any")
        #expect(try answer(host, "/", "get") == "Lower")
        #expect(try answer(host, "/", "POST") == "Two")
        #expect(try answer(host, "/", "PURGE") == "Two")
        #expect(try answer(host, "/", "purge") == "Any")
    }

    @Test
    func whatMustBeThereDecidesOrLeavesTheRequestToTheNext() throws {
        let host = try host(
            """
            <add name="File" path="*" verb="GET" modules="M" resourceType="File"/>
            <add name="Directory" path="*" verb="GET" modules="M" resourceType="Directory"/>
            <add name="Either" path="*" verb="POST" modules="M" resourceType="Either"/>
            <add name="Anything" path="/virtual" verb="*" modules="M" resourceType="Unspecified"/>
            """)
        #expect(try answer(host, "/file.txt") == "File")
        #expect(try answer(host, "/folder") == "Directory")
        #expect(try answer(host, "/file.txt", "POST") == "Either")
        #expect(try answer(host, "/folder", "POST") == "Either")
        #expect(try answer(host, "/virtual") == "Anything")
        #expect(try answer(host, "/none") == "404.0")
        #expect(try answer(host, "/none", "PUT") == "404.4")
    }

    @Test
    func variantsAreToldApartByTheirPreConditions() throws {
        let host = try host(
            """
            <add name="ISAPI-32" path="*.x" verb="*" modules="M" preCondition="classicMode,bitness32"/>
            <add name="ISAPI-64" path="*.x" verb="*" modules="M" preCondition="classicMode,bitness64"/>
            <add name="Framework" path="*.x" verb="*" modules="M" preCondition="integratedMode,runtimeVersionv4.0"/>
            <add name="Integrated" path="*.x" verb="*" modules="M" preCondition="integratedMode,bitness64"/>
            """)
        #expect(try answer(host, "/a.x") == "Integrated")
    }

    @Test(arguments: [
        ("Read", "Read", "H"), ("Script", "Read", "403.2"), ("Read, Script", "Write", "403.3"), ("Write", "Write", "H"),
        ("Read", "Script", "403.1"), ("Read, Script", "Script", "H"), ("Read, Script", "Execute", "403.1"),
        ("Execute", "Execute", "H"), ("None", "None", "H"), ("None", "Read", "403.2"),
    ])
    func whatAHandlerNeedsIsComparedWithTheFoldersPolicy(_ policy: String, _ access: String, _ expected: String) throws
    {
        let host = try host(
            "<add name=\"H\" path=\"*\" verb=\"*\" modules=\"M\" requireAccess=\"\(access)\"/>", policy: policy)
        #expect(try answer(host, "/file.txt") == expected)
    }

    @Test
    func anEntryThatSaysNothingNeedsScript() throws {
        let entry = "<add name=\"H\" path=\"*\" verb=\"*\" modules=\"M\"/>"
        #expect(try answer(host(entry, policy: "Read"), "/") == "403.1")
        #expect(try answer(host(entry, policy: "Script"), "/") == "H")
    }

    @Test
    func pathInformationIsOnlyForHandlersThatAllowIt() throws {
        func entries(_ allows: Bool) -> String {
            """
            <add name="Script" path="*.cgi" verb="*" modules="M" resourceType="File" allowPathInfo="\(allows)"/>
            <add name="Rest" path="*" verb="*" modules="M"/>
            """
        }
        let host = try host(entries(true))
        #expect(try answer(host, "/run.cgi") == "Script")
        #expect(try answer(host, "/run.cgi/orders/7") == "Script")
        #expect(try answer(host, "/none.cgi/orders/7") == "Rest")
        #expect(try answer(self.host(entries(false)), "/run.cgi/orders/7") == "Rest")
    }

    @Test
    func anEntryWithoutModulesIsForManagedTypes() throws {
        let host = try host("<add name=\"Old\" path=\"*.ashx\" verb=\"*\" type=\"A.Handler\"/>")
        #expect(try answer(host, "/a.ashx") == "500.21")
    }

    @Test
    func entriesOfAFolderComeBeforeInheritedOnesInTheirOwnOrder() throws {
        let host = try host("<add name=\"Rest\" path=\"*\" verb=\"*\" modules=\"M\"/>")
        try host.configure(
            "folder",
            """
            <handlers><add name="One" path="*.txt" verb="*" modules="M"/><add name="Two" path="*" verb="*" modules="M"/></handlers>
            """)
        #expect(try answer(host, "/folder/a.txt") == "One")
        #expect(try answer(host, "/folder/a.css") == "Two")
        #expect(try answer(host, "/a.txt") == "Rest")
    }

    @Test
    func namesAreToldApartByCase() throws {
        let host = try host(
            "<add name=\"h\" path=\"*.txt\" verb=\"*\" modules=\"M\"/><add name=\"H\" path=\"*\" verb=\"*\" modules=\"M\"/>"
        )
        try host.configure("folder", "<handlers><remove name=\"h\"/></handlers>")
        #expect(try answer(host, "/a.txt") == "h")
        #expect(try answer(host, "/folder/a.txt") == "H")
    }
}
