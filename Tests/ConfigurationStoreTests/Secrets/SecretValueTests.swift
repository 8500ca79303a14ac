import Configuration
import ConfigurationStore
import Crypto
import HostModel
import Testing

struct SecretValueTests {
    private let ring = KeyRing(now: 1)

    private func server(_ body: String) throws -> ServerConfiguration {
        try ServerConfiguration(
            bytes: Array("<configuration>\n\(body)\n</configuration>".utf8), path: "/x/applicationHost.config")
    }

    private func pool(_ password: String) throws -> ServerConfiguration {
        try server(
            """
            <system.applicationHost><applicationPools>
              <add name="A"><processModel identityType="SpecificUser" userName="u"
                  password="\(password)"/></add>
            </applicationPools></system.applicationHost>
            """)
    }

    @Test(arguments: ["one word", "pässwörd <&\">", String(repeating: "long ", count: 1000)])
    func whatIsSealedOpensAgain(_ text: String) throws {
        let sealed = HostelryAesProvider.seal(text, with: ring)
        #expect(sealed.hasPrefix("[enc:HostelryAesProvider:"))
        #expect(sealed.hasSuffix(":enc]"))
        #expect(!sealed.contains(text))
        #expect(try HostelryAesProvider.open(sealed, with: ring) == text)
        #expect(HostelryAesProvider.seal(text, with: ring) != sealed, "two seals of one text are not alike")
    }

    @Test func theEmptyStringIsStoredAsSuchForEveryProvider() throws {
        #expect(HostelryAesProvider.seal("", with: ring) == "[enc:HostelryAesProvider::enc]")
        for provider in ["HostelryAesProvider", "AesProvider", "Anything"] {
            #expect(try HostelryAesProvider.open("[enc:\(provider)::enc]", with: nil) == "")
        }
    }

    /// Reference §6.1, DecryptPassword/Broken1–5.
    @Test(arguments: ["[enc:AesProvider:enc]", "[enc::enc]", "[enc:enc]", "[encenc]", "[]", "plain", "[enc:A:b:enc] "])
    func whatIsMalformedIsClearText(_ text: String) throws {
        #expect(try HostelryAesProvider.open(text, with: nil) == text)
    }

    @Test func whatCannotBeOpenedSaysWhy() throws {
        let sealed = HostelryAesProvider.seal("x", with: ring)
        let name = try #require(ring.entries.first?.name)
        func reason(_ text: String, _ ring: KeyRing?) -> SecretError? {
            #expect(throws: SecretError.self) { try HostelryAesProvider.open(text, with: ring) }
        }
        #expect(reason("[enc:AesProvider:AAAA:enc]", ring) == .unknownProvider("AesProvider"))
        #expect(reason(sealed, nil) == .missingKey(name))
        #expect(reason(sealed, KeyRing(now: 1)) == .missingKey(name))
        #expect(reason("[enc:HostelryAesProvider:????:enc]", ring) == .malformed)
        #expect(reason("[enc:HostelryAesProvider:AQID:enc]", ring) == .malformed)
        let cut = sealed.replacing(":enc]", with: "")
        #expect(reason(String(cut.dropLast(4)) + ":enc]", ring) == .altered)
    }

    @Test func anUnreadableValueIsToldWithItsLine() throws {
        let other = HostelryAesProvider.seal("x", with: KeyRing(now: 1))
        let problems = SecretValue.problems(of: try pool(other), with: ring)
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.severity == .error)
        #expect(problem.file == "/x/applicationHost.config")
        #expect(problem.line.number == 4)
        #expect(problem.message.hasPrefix("Failed to decrypt attribute 'password' (the key "))
        #expect(
            SecretValue.problems(of: try pool("[enc:AesProvider:AAAA:enc]"), with: ring).map(\.severity) == [.warning])
        for good in ["", "clear", HostelryAesProvider.seal("x", with: ring), "[enc:AesProvider::enc]", "[enc:enc]"] {
            #expect(SecretValue.problems(of: try pool(good), with: ring).isEmpty)
        }
    }

    @Test func clearTextIsSealedWhereverItStandsAndNothingElseChanges() throws {
        let before = try server(
            """
            <!-- password="kept" -->
            <system.applicationHost>
              <applicationPools><add name="A"><processModel password = 'one&amp;two' userName="u"/></add></applicationPools>
              <sites><siteDefaults><virtualDirectoryDefaults/></siteDefaults>
              <virtualDirectoryDefaults password="three"/></sites>
            </system.applicationHost>
            <location path="S"><system.webServer><security><authentication>
              <anonymousAuthentication userName="" password="four"/>
            </authentication></security></system.webServer></location>
            """)
        let outcome = try SecretSealing.seal(.clear, in: before, with: ring)
        let after = try before.replacingFile(outcome.bytes)
        #expect(outcome.left.isEmpty)
        #expect(try SecretValue.all(in: after).map { try $0.open(with: ring) } == ["one&two", "three", "four"])
        #expect(SecretValue.all(in: after).allSatisfy { !$0.isClear })
        #expect(outcome.sealed.map(\.line) == [4, 6, 9])
        var text = String(decoding: outcome.bytes, as: UTF8.self)
        let clear = ["one&amp;two", "three", "four"]
        for (value, word) in zip(SecretValue.all(in: after), clear) {
            text = text.replacing(value.attribute.value, with: word)
        }
        #expect(Array(text.utf8) == before.file.document.text)
        #expect(try SecretSealing.seal(.clear, in: after, with: ring).sealed.isEmpty)
    }

    @Test func aRotationSealsAnewAndLeavesWhatItCannotOpen() throws {
        var renewed = ring
        renewed.renew(now: 2)
        let before = try pool(HostelryAesProvider.seal("x", with: ring))
        let outcome = try SecretSealing.seal(.outdated, in: before, with: renewed)
        #expect(outcome.sealed.count == 1)
        let after = try before.replacingFile(outcome.bytes)
        let value = try #require(SecretValue.all(in: after).first)
        #expect(try value.open(with: renewed) == "x")
        #expect(value.encrypted.flatMap(HostelryAesProvider.keyID) == renewed.current.id)
        #expect(try SecretSealing.seal(.outdated, in: after, with: renewed).sealed.isEmpty)
        let foreign = try pool("[enc:AesProvider:AAAA:enc]")
        let left = try SecretSealing.seal(.outdated, in: foreign, with: renewed)
        #expect(left.bytes == foreign.file.document.text)
        #expect(left.left.count == 1 && left.sealed.isEmpty)
        #expect(left.left.first?.place.contains("AAAA") == false)
    }
}
