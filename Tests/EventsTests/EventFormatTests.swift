import Events
import Testing

@Suite struct EventFormatTests {
    private let crash = Event(
        .workerCrashed, "Pool \"shop\"", "The worker ended without saying goodbye.",
        [.init("pid", 4711), .init("signal", "SIGSEGV")])

    @Test func textIsALineForPeople() {
        #expect(
            EventFormat.text.line(crash, time: "2026-11-21T12:00:00.000Z")
                == "2026-11-21T12:00:00.000Z error 5011 Pool \"shop\": The worker ended without saying goodbye."
                + " pid=4711 signal=\"SIGSEGV\"")
    }

    @Test func jsonIsOneObject() {
        #expect(
            EventFormat.json.line(crash, time: "2026-11-21T12:00:00.000Z")
                == #"{"time":"2026-11-21T12:00:00.000Z","level":"error","id":5011,"event":"worker-crashed","#
                + #""object":"Pool \"shop\"","text":"The worker ended without saying goodbye.","#
                + #""fields":{"pid":4711,"signal":"SIGSEGV"}}"#)
    }

    @Test func theServerItselfHasNoObjectInTheLine() {
        #expect(EventFormat.text.line(Event(.serverStarted, "Ready."), time: nil) == "information 1001 Ready.")
    }

    @Test(arguments: [
        ("a\nb", #"a\nb"#), ("a\r\n<3>b", #"a\r\n<3>b"#), ("\u{1B}[31mred", #"\u001b[31mred"#), ("\u{0}", #"\u0000"#),
        ("\u{7F}\u{9B}", #"\u007f\u009b"#), ("abc\u{202E}cba", #"abc\u202ecba"#), ("\u{2028}", #"\u2028"#),
        ("caf\u{E9} \u{1F600}", "caf\u{E9} \u{1F600}"),
    ])
    func nothingInAnEventCanEndTheLineOrSteerATerminal(text: String, expected: String) {
        #expect(EventFormat.text.line(Event(.serverStarted, text), time: nil) == "information 1001 \(expected)")
        let json = EventFormat.json.line(Event(.serverStarted, text, text, [.init("value", text)]), time: nil)
        #expect(json.hasSuffix(#""object":"\#(expected)","text":"\#(expected)","fields":{"value":"\#(expected)"}}"#))
    }

    @Test func quotationMarksAndBackslashesAreEscapedWhereTheyWouldEndAValue() {
        let event = Event(.serverStarted, "", "", [.init("path", #"C:\a "b""#)])
        #expect(EventFormat.text.line(event, time: nil).hasSuffix(#" path="C:\\a \"b\"""#))
    }

    @Test func aLongTextIsCut() {
        let line = EventFormat.text.line(Event(.serverStarted, String(repeating: "x", count: 100_000)), time: nil)
        #expect(line == "information 1001 \(String(repeating: "x", count: 4000))…")
    }

    @Test func severerLevelsAreGreater() {
        #expect(EventLevel.allCases.sorted() == [.information, .warning, .error])
        #expect(EventLevel.allCases.map(\.priority) == [6, 4, 3])
    }
}
