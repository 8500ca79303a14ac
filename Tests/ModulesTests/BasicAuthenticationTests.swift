import Credentials
import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import Modules

/// Reference §5.2, authentication: 401.1 for wrong credentials, all challenges with 401.2. RFC 7617.
struct BasicAuthenticationTests {
    let services = TestServices()
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        services.holdsWork = true
        // `secret pass`, made by htpasswd.
        try folder.write(
            "users",
            "alice:$2y$05$puhjj52YD5bHpqJ.e4qpceWcHlC6EwzGFFOldDll1JFUkx8Iy.8Em\nböb:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=\n"
        )
        try folder.write("groups", "Writers: alice\n")
    }

    private func host(
        _ attributes: String = "", anonymous: Bool = false, authorization: String = "", users: String? = "users",
        more: String = ""
    ) throws -> TestHost {
        let files = users.map { " usersFile=\"\(folder.path)/\($0)\" groupsFile=\"\(folder.path)/groups\"" } ?? ""
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            server: """
                <system.webServer><security><authentication>
                  <anonymousAuthentication enabled="\(anonymous)"/>
                  <basicAuthentication enabled="true"\(files) \(attributes)/>
                </authentication>\(authorization)</security></system.webServer>\(more)
                """)
        try host.folder.write("www/a.txt", "content")
        return host
    }

    private func request(_ credentials: String?, method: String = "GET") -> TestRequest {
        var request = TestRequest("/a.txt")
        request.method = method
        if let credentials {
            request.headers.append(("Authorization", "Basic " + base64(credentials)))
        }
        return request
    }

    private func base64(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 3).map { start in
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            return String((0...group.count).map { digits[bits >> (18 - 6 * $0) & 63] })
                + String(repeating: "=", count: 3 - group.count)
        }
        .joined()
    }

    /// Sends the request and lets all be done that it leads to.
    private func send(_ host: TestHost, _ request: TestRequest) throws -> RecordingSink {
        let sink = RecordingSink()
        _ = try host.begin(request, sink)
        settle()
        return sink
    }

    private func settle() {
        for _ in 0..<3 {
            services.pass(milliseconds: 0)
            services.finishWork()
        }
    }

    private func status(_ sink: RecordingSink) -> String {
        sink.head.map { "\($0.status).\($0.subStatus)" } ?? "none"
    }

    private func status(_ host: TestHost, _ credentials: String?) throws -> String {
        status(try send(host, request(credentials)))
    }

    @Test
    func theRightPasswordLetsInAndNamesTheUserForTheLog() throws {
        let answer = try send(try host(), request("alice:secret pass"))
        #expect(answer.status == 200 && answer.text == "content")
        #expect(answer.head?.userName == Array("alice".utf8))
        #expect(answer.values("www-authenticate") == [])
    }

    @Test
    func namesAndPasswordsAreUTF8() throws {
        #expect(try status(try host(), "böb:secret pass") == "200.0")
    }

    @Test(arguments: ["alice:wrong", "alice:", "nobody:secret pass", "alice:secret pass ", ":secret pass", "alice", ""])
    func wrongCredentialsAre401Point1WithTheChallenge(_ credentials: String) throws {
        let answer = try send(try host(), request(credentials))
        #expect(status(answer) == "401.1")
        #expect(answer.head?.win32Status == 1326)
        #expect(answer.values("www-authenticate") == ["Basic realm=\"www.example.com\", charset=\"UTF-8\""])
        #expect(answer.head?.userName == [])
    }

    @Test(arguments: ["!!!", "YWxpY2U6c2Vj*", "", "YWxpY2UAOng="])
    func whatIsNoBase64OfANameAndAPasswordIs401Point1(_ text: String) throws {
        var request = TestRequest("/a.txt")
        request.headers.append(("Authorization", "Basic \(text)"))
        #expect(status(try send(try host(), request)) == "401.1")
    }

    @Test
    func twoFieldsThatContradictEachOtherAre401Point1() throws {
        var request = request("alice:secret pass")
        request.headers.append(("Authorization", "Basic " + base64("böb:secret pass")))
        #expect(status(try send(try host(), request)) == "401.1")
    }

    @Test
    func withoutCredentialsItIs401Point2WithTheChallenge() throws {
        let host = try host("realm=\"The &quot;inner&quot; circle\"")
        let answer = try send(host, request(nil))
        #expect(status(answer) == "401.2")
        #expect(answer.values("www-authenticate") == ["Basic realm=\"The \\\"inner\\\" circle\", charset=\"UTF-8\""])
        var bearer = TestRequest("/a.txt")
        bearer.headers.append(("Authorization", "Bearer abc"))
        #expect(status(try send(host, bearer)) == "401.2")
    }

    @Test
    func besideAnonymousAuthenticationCredentialsMustBeRightAndNoneAreNeeded() throws {
        let host = try host(anonymous: true)
        #expect(try status(host, nil) == "200.0")
        #expect(try status(host, "alice:wrong") == "401.1")
        #expect(try send(host, request("alice:secret pass")).head?.userName == Array("alice".utf8))
    }

    @Test
    func rulesOfAuthorizationKnowUsersAndRoles() throws {
        func status(_ rules: String, _ credentials: String?) throws -> String {
            try self.status(
                try host(anonymous: true, authorization: "<authorization><clear/>\(rules)</authorization>"), credentials
            )
        }
        let (alice, bob) = ("alice:secret pass", "böb:secret pass")
        let writers = "<add accessType=\"Allow\" roles=\"Readers, writers\"/>"
        #expect(try status(writers, alice) == "200.0")
        #expect(try status(writers, bob) == "401.2")
        #expect(try status(writers, nil) == "401.2")
        let named = "<add accessType=\"Allow\" users=\"ALICE\"/>"
        #expect(try status(named, alice) == "200.0")
        #expect(try status(named, bob) == "401.2")
        let denied = "<add accessType=\"Allow\" users=\"*\"/><add accessType=\"Deny\" users=\"alice\"/>"
        #expect(try status(denied, alice) == "401.2")
        #expect(try status(denied, bob) == "200.0")
        #expect(try status(denied, nil) == "200.0")
        let noStrangers = "<add accessType=\"Allow\" users=\"*\"/><add accessType=\"Deny\" users=\"?\"/>"
        #expect(try status(noStrangers, nil) == "401.2")
        #expect(try status(noStrangers, bob) == "200.0")
        let strangersOnly = "<add accessType=\"Allow\" users=\"?\"/>"
        #expect(try status(strangersOnly, nil) == "200.0")
        #expect(try status(strangersOnly, bob) == "401.2")
        let notWriters = "<add accessType=\"Allow\" users=\"*\"/><add accessType=\"Deny\" roles=\"Writers\"/>"
        #expect(try status(notWriters, alice) == "401.2")
        #expect(try status(notWriters, bob) == "200.0")
        #expect(try status("", alice) == "401.2")
    }

    @Test
    func rulesWithVerbsKnowUsersToo() throws {
        let host = try host(
            authorization:
                "<authorization><add accessType=\"Deny\" users=\"böb\" verbs=\"PUT,POST\"/></authorization>")
        #expect(try status(host, "böb:secret pass") == "200.0")
        #expect(status(try send(host, request("böb:secret pass", method: "PUT"))) == "401.2")
        #expect(status(try send(host, request("alice:secret pass", method: "PUT"))) != "401.2")
    }

    @Test
    func theDefaultDomainMayStandBeforeTheName() throws {
        let host = try host("defaultLogonDomain=\"Contoso\"")
        #expect(try status(host, "CONTOSO\\alice:secret pass") == "200.0")
        #expect(try status(host, "alice:secret pass") == "200.0")
        #expect(try status(host, "Other\\alice:secret pass") == "401.1")
        #expect(try status(host, "Contoso\\:secret pass") == "401.1")
    }

    @Test
    func aSuccessIsRememberedSoThatABusyClientCostsOneHash() throws {
        let host = try host()
        #expect(try status(host, "alice:secret pass") == "200.0")
        // Nothing is given to other threads any more.
        for _ in 0..<5 { #expect(try host.send(request("alice:secret pass")).status == 200) }
        #expect(try host.send(request("alice:secret pas")).head == nil)
        settle()
        services.pass(milliseconds: SignInDesk.lifetime)
        #expect(try host.send(request("alice:secret pass")).head == nil)
        settle()
    }

    @Test
    func aChangeOfTheFileHoldsWithinASecond() throws {
        let host = try host()
        #expect(try status(host, "alice:secret pass") == "200.0")
        try folder.write("users", "carol:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=\n")
        services.pass(milliseconds: UserFiles.recheckInterval)
        #expect(try status(host, "alice:secret pass") == "401.1")
        #expect(try status(host, "carol:secret pass") == "200.0")
        // What has not changed is not asked for again with a hash, and the remembered stay.
        services.pass(milliseconds: UserFiles.recheckInterval)
        #expect(try status(host, "carol:secret pass") == "200.0")
    }

    @Test
    func aFileThatCannotBeReadLetsNobodyInAndIsReportedOnce() throws {
        let host = try host(users: "missing")
        for _ in 0..<3 {
            #expect(try status(host, "alice:secret pass") == "500.0")
            services.pass(milliseconds: UserFiles.recheckInterval)
        }
        #expect(services.reports.count == 1 && services.reports[0].contains("Nobody can sign in"))
        try folder.write("missing", "alice:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=\n")
        #expect(try status(host, "alice:secret pass") == "200.0")
    }

    @Test
    func withoutAFileNobodyIsLetIn() throws {
        let host = try host(users: nil)
        #expect(try status(host, "alice:secret pass") == "401.1")
        #expect(try status(host, nil) == "401.2")
    }

    @Test(arguments: ["usersFile=\"users\"", "usersFile=\"/u\" groupsFile=\"groups\"", "realm=\"a&#10;b\""])
    func whatCannotBeMeantIsAConfigurationError(_ attributes: String) throws {
        #expect(try status(try host(attributes, users: nil), nil) == "500.19")
    }

    @Test
    func wrongGuessesAreLookedAtLaterAndLater() throws {
        let host = try host()
        for index in 0..<3 { #expect(try status(host, "alice:\(index)") == "401.1") }
        let slow = try send(host, request("alice:4"))
        #expect(status(slow) == "none")
        services.pass(milliseconds: 249)
        settle()
        #expect(status(slow) == "none")
        services.pass(milliseconds: 1)
        settle()
        #expect(status(slow) == "401.1")
        // Another name is not concerned.
        #expect(try status(host, "böb:secret pass") == "200.0")
    }

    @Test
    func equalCredentialsAtOnceAreOneGuess() throws {
        let host = try host()
        let sinks = (0..<50).map { _ in RecordingSink() }
        for sink in sinks { _ = try host.begin(request("alice:secret pass"), sink) }
        settle()
        #expect(sinks.allSatisfy { $0.status == 200 })
    }

    @Test
    func aClientThatGuessesMuchAtOnceIsTurnedAwayAndOthersAreServed() throws {
        let host = try host()
        let sinks = (0..<17).map { _ in RecordingSink() }
        for (index, sink) in sinks.enumerated() { _ = try host.begin(request("user\(index):x"), sink) }
        #expect(sinks[16].status == 503)
        #expect(sinks[0].head == nil)
        var other = request("alice:secret pass")
        other.remote = IPAddress(v4: 1)
        #expect(status(try send(host, other)) == "200.0")
    }

    @Test
    func whoIsMadeToWaitKeepsNobodyElseFromSigningIn() throws {
        let host = try host()
        for _ in 0..<3 { _ = try send(host, request("alice:wrong")) }
        let sinks = (0..<1100).map { _ in RecordingSink() }
        for sink in sinks { _ = try host.begin(request("alice:wrong"), sink) }
        #expect(sinks.count { $0.head == nil } == 16)
        #expect(sinks[16].status == 503)
        // The same guess from elsewhere waits for no delay of another client's.
        var other = request("alice:wrong")
        other.remote = IPAddress(v4: 1)
        #expect(status(try send(host, other)) == "401.1")
        other = request("alice:secret pass")
        other.remote = IPAddress(v4: 2)
        #expect(status(try send(host, other)) == "200.0")
    }

    @Test
    func thePageOfAWrongPasswordIsNoSecondGuess() throws {
        let host = try host(
            more: """
                <location path="Site/login"><system.webServer><security><authentication>
                <anonymousAuthentication enabled="true"/></authentication></security></system.webServer></location>
                """)
        try host.folder.write("www/login/page.html", "<p>sign in</p>")
        try host.configure(
            "",
            "<httpErrors errorMode=\"Custom\"><remove statusCode=\"401\"/>"
                + "<error statusCode=\"401\" path=\"/login/page.html\" responseMode=\"ExecuteURL\"/></httpErrors>")
        let answer = try send(host, request("alice:wrong"))
        #expect(status(answer) == "401.1")
        #expect(answer.text == "<p>sign in</p>")
        for _ in 0..<2 { #expect(status(try send(host, request("alice:wrong"))) == "401.1") }
    }

    @Test
    func aClientThatLeavesMeanwhileIsForgotten() throws {
        let host = try host()
        let sink = RecordingSink()
        let context = try #require(try host.begin(request("alice:secret pass"), sink))
        context.clientGone()
        settle()
        #expect(sink.head == nil)
        #expect(try host.send(request("alice:secret pass")).status == 200)
    }

    /// Schemes that are not there let nobody in, and offer nothing.
    @Test(arguments: [
        "windowsAuthentication", "digestAuthentication", "clientCertificateMappingAuthentication",
        "iisClientCertificateMappingAuthentication",
    ])
    func aSchemeThatIsNotThereIs401Point2WhereItIsTheOnlyOne(_ scheme: String) throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            server:
                "<system.webServer><security><authentication><anonymousAuthentication enabled=\"false\"/><\(scheme) enabled=\"true\"/></authentication></security></system.webServer>"
        )
        try host.folder.write("www/a.txt", "content")
        for credentials in [nil, "alice:secret pass"] {
            let answer = try send(host, request(credentials))
            #expect(status(answer) == "401.2" && answer.values("www-authenticate") == [])
        }
    }
}
