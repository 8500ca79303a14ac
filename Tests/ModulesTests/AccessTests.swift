import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Who is let in: authentication, authorization, secure connections, and sections that nothing enforces yet.
struct AccessTests {
    private func host(_ server: String) throws -> TestHost {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()), server: server)
        try host.folder.write("www/a.txt", "content")
        return host
    }

    private func security(_ elements: String) -> String {
        "<system.webServer><security>\(elements)</security></system.webServer>"
    }

    @Test
    func nobodyIsLetInWhereAnonymousAuthenticationIsOff() throws {
        let host = try host(security("<authentication><anonymousAuthentication enabled=\"false\"/></authentication>"))
        let answer = try host.getLocally("/a.txt")
        #expect(answer.detailedStatus == "401.2")
        #expect(!answer.text.contains("content\n"))
    }

    @Test
    func anotherSchemeThatIsOnDoesNotLetAnonymousClientsIn() throws {
        let host = try host(
            security(
                "<authentication><anonymousAuthentication enabled=\"false\"/><basicAuthentication enabled=\"true\"/></authentication>"
            ))
        #expect(try host.get("/a.txt").status == 401)
    }

    @Test
    func aDenyRuleGoesBeforeEveryAllowRule() throws {
        let host = try host(security("<authorization><add accessType=\"Deny\" users=\"?\"/></authorization>"))
        #expect(try host.getLocally("/a.txt").detailedStatus == "401.2")
    }

    @Test
    func rulesForOthersDoNotConcernAnonymousClients() throws {
        let host = try host(
            security("<authorization><add accessType=\"Deny\" users=\"mallory\" roles=\"Guests\"/></authorization>"))
        #expect(try host.get("/a.txt").status == 200)
    }

    @Test
    func withoutARuleThatAllowsNobodyIsLetIn() throws {
        let host = try host(
            security("<authorization><clear/><add accessType=\"Allow\" roles=\"Administrators\"/></authorization>"))
        #expect(try host.getLocally("/a.txt").detailedStatus == "401.2")
    }

    @Test
    func aRuleForSomeVerbsConcernsOnlyThose() throws {
        let host = try host(
            security("<authorization><add accessType=\"Deny\" users=\"*\" verbs=\"POST,PUT\"/></authorization>"))
        #expect(try host.get("/a.txt").status == 200)
        var request = TestRequest("/a.txt")
        request.method = "PUT"
        #expect(try host.send(request).status == 401)
    }

    @Test
    func plainConnectionsAreRefusedWhereSecureOnesAreRequired() throws {
        #expect(try host(security("<access sslFlags=\"Ssl\"/>")).getLocally("/a.txt").detailedStatus == "403.4")
        #expect(try host(security("<access sslFlags=\"Ssl, Ssl128\"/>")).getLocally("/a.txt").detailedStatus == "403.5")
        var request = TestRequest("/a.txt")
        request.scheme = .https
        #expect(try host(security("<access sslFlags=\"Ssl, Ssl128\"/>")).send(request).status == 200)
        request.remote = request.local
        let certificate = try host(security("<access sslFlags=\"Ssl, SslNegotiateCert, SslRequireCert\"/>"))
        #expect(try certificate.send(request).detailedStatus == "403.7")
    }

    @Test(arguments: [
        (
            "system.webServer/rewrite/rules",
            "<rewrite><rules><rule name=\"no\"><match url=\"^private\"/><action type=\"CustomResponse\" statusCode=\"403\"/></rule></rules></rewrite>"
        ),
        (
            "system.webServer/rewrite/rules",
            "<rewrite><rules><rule name=\"no\"><match url=\".*\"/><action type=\"AbortRequest\"/></rule></rules></rewrite>"
        ),
    ])
    func aRestrictionThatNothingEnforcesRefusesAndNamesItsSection(_ section: String, elements: String) throws {
        let host = try host("<system.webServer>\(elements)</system.webServer>")
        let answer = try host.getLocally("/a.txt")
        #expect(answer.status == 500)
        #expect(answer.text.contains(section))
        #expect(host.reports.contains { $0.contains(section) })
        #expect(try !host.get("/a.txt").text.contains(section))
    }

    @Test
    func sectionsThatRestrictNothingAreNoObstacle() throws {
        let host = try host(
            """
            <system.webServer>
              <security><ipSecurity><add ipAddress="10.0.0.0" allowed="true"/></ipSecurity></security>
              <rewrite><rules><rule name="off" enabled="false"><match url=".*"/><action type="AbortRequest"/></rule></rules></rewrite>
            </system.webServer>
            """)
        #expect(try host.get("/a.txt").status == 200)
    }
}
