import Testing

@testable import JSON

@Suite struct JSONTests {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test func everyKindOfValueIsRead() throws {
        let value = try read(
            #" {"a": [1, -2.5, 1e2, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00\"\\\/"}, "d": [], "e": {}} "#)
        #expect(
            value
                == .object([
                    "a": .array([
                        .integer(1), .decimal(-2.5), .decimal(100), .boolean(true), .boolean(false), .null,
                    ]), "b": .object(["c": .text("x\n\u{e9}\u{1F600}\"\\/")]), "d": .array([]), "e": .object([]),
                ]))
    }

    @Test(arguments: [
        "", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{a:1}", "[1,]", "{\"a\":1,}", "[1 2]", "01", "-", "1.", ".5", "1e",
        "+1",
        "nul", "truex", "1 1", "{\"a\":1,\"a\":2}", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\\udc00\"", "\"\u{1}\"", "'a'", "NaN", "1e999", "[1]]", "/**/1",
    ])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xff, 0x22]) }
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xc0, 0x80, 0x22]) }
    }

    @Test func depthIsBounded() throws {
        let limit = JSONReader.maximumDepth
        _ = try read(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
        #expect(throws: JSONError.self) { try read(String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONError.self) { try read(String(repeating: "{\"a\":", count: limit + 1)) }
    }

    @Test func aLineIsReadAsItWasWritten() throws {
        let value = JSONValue.object([
            "text": .text("\"quoted\"\u{1B}[31m\u{202E}\n"), "long": .text(String(repeating: "x", count: 10_000)),
            "numbers": .array([.integer(.max), .integer(.min), .decimal(0.1)]), "none": .null,
        ])
        #expect(try JSONReader.read(Array(value.line.utf8)) == value)
        #expect(try JSONReader.read(Array(value.text().utf8)) == value)
        #expect(!value.line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }

    @Test func peopleGetShortThingsOnOneLine() {
        let value = JSONValue.object([
            "pools": .array([.object(["name": .text("Main"), "workers": .array([])])]), "empty": .array([]),
        ])
        #expect(
            value.text() == """
                {
                  "pools": [
                    {"name": "Main", "workers": []}
                  ],
                  "empty": []
                }
                """)
    }
}
