import AppCmd
import Testing

/// Command lines that nobody means.
@Suite struct RandomWordsTests {
    /// The same ones each time.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let verbs = [
        "list", "set", "add", "delete", "clear", "lock", "unlock", "search", "reset", "start", "install", "restore",
    ]
    private static let objects = ["site", "app", "vdir", "apppool", "config", "module", "backup", "wp", "request"]
    private static let more = [
        "MySite", "Default Web Site/app1", "MySite/", "//", "MACHINE/WEBROOT/APPHOST", "http://h:x/", "https://[::1]/",
        "/section:sites", "/section:defaultDocument", "/section:applicationPools", "/section:", "/section", "/name:x",
        "/name:", "/path:/", "/path:/x/", "/id:4294967295", "/id:-1", "/bindings:,/,", "/bindings:a/b", "/+[", "/-[]",
        "/-[name='x']", "/[@0].name:x", "/+files.[@9,value='a']", "/+files.[@0,value='a']", "/[@end].id:4",
        "/-files.[@end]", "/files.[@1].value:b", "/text:[name='x'].", "/text:..", "/text:*", "/xml", "/config:*",
        "/config", "/!debug", "/commit:parent", "/commit:apphost", "/commit:Nosuch", "/:", "/+", "/-", "/", "''", "[",
        "/physicalPath:", "/applicationPool:", "/[path='/'].[path='/'].userName:u", "/queueLength:10", "/elapsed:x",
        "/app.name:MySite/", "/app.name:x", "/image:i", "/lock:maybe", "/delete", "/enabled:TRUE", "/enabled",
        "/recycling.periodicRestart.schedule.[value='00:00:00']", "/+recycling.periodicRestart.schedule.[value='1']",
        "/metadata", "/debug", "\u{202E}", "/\u{1B}[31m:x", "/!section:x", "/lockItem:true", "/-?", "/ :x",
    ]

    @Test func noWordsMakeItStumbleAndARefusalChangesNothing() {
        var generator = Generator()
        for _ in 0..<400 {
            let instance = TestInstance()
            var words = [Self.verbs.randomElement(using: &generator)!, Self.objects.randomElement(using: &generator)!]
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                words.append(Self.more.randomElement(using: &generator)!)
            }
            let answer = AppCmd.run(words, instance)
            #expect((0...255).contains(answer.exitStatus), "\(words)")
            #expect((answer.code == 0) == (answer.exitStatus == 0), "\(words)")
            if answer.code != 0 { #expect(instance.text == TestInstance.usual, "\(words)") }
            // What is written can be read.
            #expect((try? instance.server()) != nil, "\(words)")
            let isHarmless = answer.lines.allSatisfy { line in
                line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x9B && $0.value != 0x202E }
            }
            #expect(isHarmless, "\(words)")
        }
    }
}
