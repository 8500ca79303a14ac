import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import Modules

/// Reference §5.2, ipSecurity: reverse DNS for `domainName`; §8.11: 403.8.
struct DomainRestrictionTests {
    let services = TestServices()

    private func host(_ section: String, _ answer: HostNames.Answer) throws -> TestHost {
        var definitions = BuiltInModules.definitions(files: FileCache(), services: services)
        definitions.removeAll { $0.name == "IpRestrictionModule" }
        definitions.append(IPRestrictionModule.definition(HostNames(services) { _ in answer }))
        let host = try TestHost(
            definitions, server: "<system.webServer><security>\(section)</security></system.webServer>")
        try host.folder.write("www/a.txt", "content")
        services.holdsWork = true
        return host
    }

    private func status(_ host: TestHost) throws -> String {
        let sink = RecordingSink()
        _ = try host.begin(TestRequest("/a.txt"), sink)
        services.finishWork()
        return sink.head.map { "\($0.status).\($0.subStatus)" } ?? "none"
    }

    private static let denied =
        "<ipSecurity enableReverseDns=\"true\"><add domainName=\"*.evil.example\"/><add domainName=\"bad.example\"/></ipSecurity>"
    private static let allowed =
        "<ipSecurity enableReverseDns=\"true\" allowUnlisted=\"false\"><add domainName=\"*.good.example\" allowed=\"true\"/></ipSecurity>"

    @Test(arguments: [
        (HostNames.Answer.name("host.evil.example"), "403.8"), (.name("bad.example"), "403.8"),
        (.name("evil.example"), "200.0"), (.name("notevil.example"), "200.0"), (.name("x.bad.example"), "200.0"),
        (.none, "200.0"), (.unknown, "403.8"),
    ])
    func aDeniedNameIs403Point8AndANameThatCannotBeFoundOutIsDenied(
        _ answer: HostNames.Answer, expected: String
    ) throws {
        let host = try host(Self.denied, answer)
        #expect(try status(host) == expected)
        #expect(try status(host) == expected)
    }

    @Test(arguments: [
        (HostNames.Answer.name("host.good.example"), "200.0"), (.name("host.good.example.evil"), "403.6"),
        (.none, "403.6"), (.unknown, "403.6"),
    ])
    func onlyAnAllowedNameIsLetIn(_ answer: HostNames.Answer, expected: String) throws {
        #expect(try status(try host(Self.allowed, answer)) == expected)
    }

    @Test
    func withoutReverseDNSRulesOfNamesNameNobody() throws {
        let section = "<ipSecurity><add domainName=\"host.evil.example\"/></ipSecurity>"
        #expect(try status(try host(section, .name("host.evil.example"))) == "200.0")
    }

    @Test
    func aClientThatLeavesMeanwhileIsForgotten() throws {
        let host = try host(Self.denied, .none)
        let sink = RecordingSink()
        let context = try #require(try host.begin(TestRequest("/a.txt"), sink))
        context.clientGone()
        services.finishWork()
        #expect(sink.head == nil)
        #expect(try status(host) == "200.0")
    }
}
