import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *ipSecurity* and *dynamicIpSecurity*.
struct AddressRestrictionTests {
    let services = TestServices()

    private func host(_ section: String) throws -> TestHost {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            server: "<system.webServer><security>\(section)</security></system.webServer>")
        try host.folder.write("www/a.txt", "content")
        return host
    }

    /// The client is 203.0.113.9 unless `remote` is another.
    private func request(_ remote: IPAddress? = nil, forwardedFor: String? = nil) -> TestRequest {
        var request = TestRequest("/a.txt")
        if let remote { request.remote = remote }
        if let forwardedFor { request.headers.append(("X-Forwarded-For", forwardedFor)) }
        return request
    }

    private func status(_ host: TestHost, _ request: TestRequest) throws -> String {
        let answer = try host.send(request)
        guard let head = answer.head else { return answer.wasAborted ? "aborted" : "none" }
        return "\(head.status).\(head.subStatus)"
    }

    @Test
    func aDeniedAddressIs403Point6AndOthersAreServed() throws {
        let host = try host("<ipSecurity><add ipAddress=\"203.0.113.0\" subnetMask=\"255.255.255.0\"/></ipSecurity>")
        #expect(try status(host, request()) == "403.6")
        #expect(try status(host, request(IPAddress(v4: 0xC633_6401))) == "200.0")
    }

    @Test
    func onlyListedAddressesAreServedWhereUnlistedOnesAreNotAllowed() throws {
        let host = try host(
            "<ipSecurity allowUnlisted=\"false\"><add ipAddress=\"203.0.113.9\" allowed=\"true\"/><add ipAddress=\"2001:db8::\" subnetMask=\"32\" allowed=\"true\"/></ipSecurity>"
        )
        #expect(try status(host, request()) == "200.0")
        #expect(try status(host, request(IPAddress(high: 0x2001_0db8 << 32, low: 5))) == "200.0")
        #expect(try status(host, request(IPAddress(v4: 1))) == "403.6")
        #expect(try status(host, request(IPAddress(high: 0x2001_0db9 << 32, low: 5))) == "403.6")
    }

    @Test
    func theFirstRuleThatNamesAnAddressDecides() throws {
        let host = try host(
            "<ipSecurity><add ipAddress=\"203.0.113.9\" allowed=\"true\"/><add ipAddress=\"203.0.113.0\" subnetMask=\"255.255.255.0\"/></ipSecurity>"
        )
        #expect(try status(host, request()) == "200.0")
        #expect(try status(host, request(IPAddress(v4: 0xCB00_7108))) == "403.6")
    }

    @Test(arguments: [
        ("AbortRequest", "aborted"), ("Unauthorized", "401.503"), ("Forbidden", "403.6"), ("NotFound", "404.503"),
    ])
    func theDenyActionSaysWhatADeniedClientGets(_ action: String, expected: String) throws {
        let host = try host("<ipSecurity denyAction=\"\(action)\"><add ipAddress=\"203.0.113.9\"/></ipSecurity>")
        #expect(try status(host, request()) == expected)
    }

    @Test
    func inProxyModeEveryAddressOfTheChainMustBeLetIn() throws {
        let host = try host(
            "<ipSecurity enableProxyMode=\"true\"><add ipAddress=\"198.51.100.1\"/><add ipAddress=\"2001:db8::1\"/></ipSecurity>"
        )
        #expect(try status(host, request()) == "200.0")
        #expect(try status(host, request(forwardedFor: "192.0.2.1, 192.0.2.2:5000")) == "200.0")
        #expect(try status(host, request(forwardedFor: "192.0.2.1, 198.51.100.1")) == "403.6")
        #expect(try status(host, request(forwardedFor: "198.51.100.1:443, 192.0.2.1")) == "403.6")
        #expect(try status(host, request(forwardedFor: "[2001:db8::1]:443")) == "403.6")
        #expect(try status(host, request(forwardedFor: "2001:db8::1")) == "403.6")
    }

    @Test
    func withoutProxyModeTheFieldSaysNothing() throws {
        let host = try host("<ipSecurity><add ipAddress=\"198.51.100.1\"/></ipSecurity>")
        #expect(try status(host, request(forwardedFor: "198.51.100.1")) == "200.0")
    }

    @Test(arguments: ["unknown", "", "192.0.2.1,", "192.0.2.1:x", "1.2.3", "[192.0.2.1]", "[2001:db8::1", "192.0.2.1:"])
    func aBadlyFormedChainIs400Point10(_ field: String) throws {
        let host = try host("<ipSecurity enableProxyMode=\"true\"><add ipAddress=\"198.51.100.1\"/></ipSecurity>")
        #expect(try status(host, request(forwardedFor: field)) == "400.10")
    }

    @Test
    func aChainOfMoreThanAHundredAddressesIsBadlyFormed() throws {
        let host = try host("<ipSecurity enableProxyMode=\"true\"><add ipAddress=\"198.51.100.1\"/></ipSecurity>")
        let addresses = Array(repeating: "192.0.2.1", count: 100)
        #expect(try status(host, request(forwardedFor: addresses.joined(separator: ","))) == "200.0")
        #expect(try status(host, request(forwardedFor: (addresses + ["192.0.2.1"]).joined(separator: ","))) == "400.10")
    }

    @Test
    func aRuleThatIsNoAddressIsAConfigurationError() throws {
        let host = try host("<ipSecurity><add ipAddress=\"203.0.113.0/24\"/></ipSecurity>")
        #expect(try status(host, request()) == "500.19")
    }

    // MARK: Dynamic

    private static let concurrent =
        "<denyByConcurrentRequests enabled=\"true\" maxConcurrentRequests=\"2\"/>"
    private static let rate =
        "<denyByRequestRate enabled=\"true\" maxRequests=\"3\" requestIntervalInMilliseconds=\"200\"/>"

    @Test
    func aClientWithTooManyRequestsAtOnceIs403Point501() throws {
        let host = try host("<dynamicIpSecurity>\(Self.concurrent)</dynamicIpSecurity>")
        // A body that does not fit keeps a request in work.
        let first = RecordingSink(credit: 1)
        let context = try #require(try host.begin(request(), first))
        let second = try #require(try host.begin(request(), RecordingSink(credit: 1)))
        #expect(first.status == 200)
        #expect(try status(host, request()) == "403.501")
        #expect(try status(host, request(IPAddress(v4: 1))) == "200.0")
        // One of them is answered to its end.
        first.credit = .max
        context.resumeSending()
        #expect(first.hasEnded)
        #expect(try status(host, request()) == "200.0")
        second.clientGone()
    }

    @Test
    func aClientThatLeavesIsNoLongerCounted() throws {
        let host = try host("<dynamicIpSecurity>\(Self.concurrent)</dynamicIpSecurity>")
        let contexts = try (0..<2).map { _ in try #require(try host.begin(request(), RecordingSink(credit: 1))) }
        #expect(try status(host, request()) == "403.501")
        contexts[0].clientGone()
        #expect(try status(host, request()) == "200.0")
    }

    @Test
    func aClientThatAsksTooOftenIs403Point502UntilTheIntervalIsOver() throws {
        let host = try host("<dynamicIpSecurity>\(Self.rate)</dynamicIpSecurity>")
        for _ in 0..<3 { #expect(try status(host, request()) == "200.0") }
        #expect(try status(host, request()) == "403.502")
        #expect(try status(host, request(IPAddress(v4: 1))) == "200.0")
        services.pass(milliseconds: 199)
        #expect(try status(host, request()) == "403.502")
        services.pass(milliseconds: 1)
        #expect(try status(host, request()) == "200.0")
    }

    @Test(arguments: [("AbortRequest", "aborted"), ("Unauthorized", "401.502"), ("NotFound", "404.502")])
    func theDenyActionHoldsForThemToo(_ action: String, expected: String) throws {
        let host = try host("<dynamicIpSecurity denyAction=\"\(action)\">\(Self.rate)</dynamicIpSecurity>")
        for _ in 0..<3 { _ = try host.send(request()) }
        #expect(try status(host, request()) == expected)
    }

    @Test
    func loggingOnlyServesAndNotesTheSubStatus() throws {
        let host = try host("<dynamicIpSecurity enableLoggingOnlyMode=\"true\">\(Self.rate)</dynamicIpSecurity>")
        for _ in 0..<3 { #expect(try status(host, request()) == "200.0") }
        #expect(try status(host, request()) == "200.502")
        #expect(try host.send(request()).text == "content")
    }

    @Test
    func whatIsOnlyLoggedDecidesAboutNoErrorPage() throws {
        let host = try host("<dynamicIpSecurity enableLoggingOnlyMode=\"true\">\(Self.rate)</dynamicIpSecurity>")
        for _ in 0..<3 { _ = try host.send(request()) }
        let answer = try host.getLocally("/none.txt")
        for _ in 0..<3 { _ = try host.getLocally("/none.txt") }
        #expect(answer.detailedStatus == "404.0")
        #expect(try host.getLocally("/none.txt").detailedStatus == "404.0")
    }

    @Test
    func inProxyModeClientsBehindOneProxyAreToldApart() throws {
        let host = try host("<dynamicIpSecurity enableProxyMode=\"true\">\(Self.rate)</dynamicIpSecurity>")
        for _ in 0..<3 { _ = try host.send(request(forwardedFor: "192.0.2.1")) }
        // What the client itself writes in front does not help it.
        #expect(try status(host, request(forwardedFor: "198.51.100.7, 192.0.2.1")) == "403.502")
        #expect(try status(host, request(forwardedFor: "192.0.2.2")) == "200.0")
        #expect(try status(host, request(forwardedFor: "nobody")) == "400.10")
    }

    @Test
    func aSectionThatIsOffCostsNothingAndDeniesNobody() throws {
        let host = try host("<dynamicIpSecurity/>")
        for _ in 0..<50 { #expect(try status(host, request()) == "200.0") }
    }
}
