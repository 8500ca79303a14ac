import HostModel
import Testing

@Suite struct WebConfigLimitsTests {
    @Test(arguments: ["", "system.webServer/rewrite", "größe", String(repeating: "a", count: 4096)])
    func aNameIsKept(_ name: String) { #expect(WebConfigLimits.isKept(name)) }

    @Test(arguments: ["a\nb", "\u{1B}[2J", "\u{0}", "\u{7F}", String(repeating: "a", count: 4097)])
    func whatIsNoNameIsNot(_ name: String) { #expect(!WebConfigLimits.isKept(name)) }

    @Test(arguments: ["a\nb", String(repeating: "ü", count: 4000), String(repeating: "🙂", count: 2000), "x"])
    func ofAMessageThatIsKeptWhichMayBe(_ message: String) {
        let kept = WebConfigLimits.kept(message)
        #expect(WebConfigLimits.isKept(kept))
        #expect(kept.prefix(1) == message.prefix(1))
    }
}
