import AppCmd
import Testing

/// What a change would make wrong is refused before it is written.
@Suite struct CheckTests {
    private let instance = TestInstance()

    private func refuses(_ code: UInt32, _ words: String..., at: SourceLocation = #_sourceLocation) {
        let answer = AppCmd.run(words, instance)
        #expect(answer.code == code, "\(answer.lines)", sourceLocation: at)
        #expect(answer.lines.first?.hasPrefix("ERROR ( ") == true, sourceLocation: at)
        #expect(instance.text == TestInstance.usual, sourceLocation: at)
        #expect(instance.comments.isEmpty, sourceLocation: at)
    }

    @Test func aSecondOneOfAKeyIsRefusedWhereverItIsWritten() {
        refuses(183, "set", "site", "Default Web Site", "/[path='/app1'].path:/")
        refuses(
            183, "set", "site", "Default Web Site", "/bindings.[protocol='https'].bindingInformation:*:80:",
            "/bindings.[bindingInformation='*:80:',protocol='https'].protocol:http")
        refuses(183, "set", "site", "MySite", "/id:0x1")
        refuses(183, "set", "site", "MySite", "/name:default web site")
        refuses(183, "set", "apppool", "Plain", "/name:DefaultAppPool")
    }

    /// 0x1 is 1, and the next number is beyond all of them.
    @Test func numbersOfSitesAreNumbers() {
        refuses(183, "add", "site", "/name:H", "/id:0x1")
        refuses(183, "add", "site", "/name:H", "/id:07")
        #expect(instance.run("add", "site", "/name:H", "/id:0x10").code == 0)
        #expect(instance.run("add", "site", "/name:I").code == 0)
        #expect(instance.says("list", "site", "I", "/text:id") == "17\n")
        #expect(instance.run("list", "config").code == 0)
    }

    @Test func whatXMLCannotHoldIsRefused() {
        refuses(13, "add", "site", "/name:k\u{1B}1")
        refuses(13, "add", "apppool", "/name:k\u{FFFF}")
        refuses(13, "set", "vdir", "MySite/", "/physicalPath:/srv/\u{7}")
        refuses(87, "set", "config", "/section:defaultDocument", "/+files.[value='\u{1}']")
        // These it holds.
        #expect(instance.run("add", "site", "/name:a\tb\nc").code == 0)
        #expect(instance.says("list", "site", "a\tb\nc") == "SITE \"a\\tb\\nc\" (id:8,bindings:,state:Unknown)\n")
    }

    /// A site's own file is what one locks against.
    @Test func aSectionIsLockedThatASiteWrites() {
        let web = """
            <configuration><system.webServer><defaultDocument enabled="false"/></system.webServer></configuration>
            """
        instance.files["/srv/mine/web.config"] = web
        let answer = instance.run("lock", "config", "MySite", "/section:defaultDocument")
        #expect(answer.code == 0, "\(answer.lines)")
        #expect(instance.text.contains("<location path=\"MySite\" overrideMode=\"Deny\">"))
    }

    /// What was wrong before is nobody's fault now.
    @Test func mistakesThatAreThereKeepNoChangeAway() {
        let broken = TestInstance(
            TestInstance.usual.replacing("name=\"Plain\"", with: "name=\"Plain\" queueLength=\"many\""))
        #expect(broken.run("set", "site", "MySite", "/id:9").code == 0)
        #expect(broken.run("set", "apppool", "Plain", "/queueLength:2000").code == 0)
        #expect(!broken.text.contains("many"))
    }

    /// Schema and command line refuse such names; a file may have them.
    @Test func namesOfEveryKindAreShownWhole() {
        let name = "a \"b\", [c='d'],\u{9B}e"
        let instance = TestInstance(
            TestInstance.usual.replacing(
                "\"Plain\"", with: "\"a &quot;b&quot;, [c='d'],&#x9B;e\""))
        #expect(instance.run("add", "apppool", "/name:\(name)2").code == 13)
        let shown = "APPPOOL \"a \\\"b\\\", [c='d'],\\u009be\" (MgdVersion:,MgdMode:Integrated,state:Unknown)"
        #expect(instance.run("list", "apppool", name).lines == [shown])
        #expect(instance.run("list", "apppool", "/apppool.name:\(name)").lines == [shown])
        instance.piped = instance.says("list", "apppool", name, "/xml")
        #expect(!instance.piped.contains("\u{9B}"))
        #expect(instance.run("set", "apppool", "/in", "/queueLength:1500").code == 0)
        let selector = "[name='\(name.replacing("'", with: "''"))']"
        #expect(instance.run("set", "config", "/section:applicationPools", "/\(selector).queueLength:1600").code == 0)
        #expect(instance.says("list", "apppool", name, "/text:queueLength") == "1600\n")
        #expect(instance.run("delete", "apppool", name).code == 0)
        #expect(instance.run("list", "apppool", name).code == 1)
    }
}
