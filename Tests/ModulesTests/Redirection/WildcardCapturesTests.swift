import Testing

@testable import Modules

struct WildcardCapturesTests {
    @Test(
        arguments: [
            ("*", "", [""]), ("*", "abc", ["abc"]), ("*.htm", "a.htm", ["a"]), ("*.htm", "a.HTM", ["a"]),
            ("a*b", "aXXb", ["XX"]), ("a*b*", "aXbYb", ["X", "Yb"]), ("**", "ab", ["", "ab"]), ("a*", "a", [""]),
            ("*a*", "bab", ["b", "b"]), ("*.htm", "a.htm.htm", ["a.htm"]), ("abc", "abc", []), ("", "", []),
        ] as [(String, String, [String])])
    func aPatternGivesOutWhatItsStarsStandFor(_ pattern: String, text: String, captures: [String]) {
        let found = WildcardCaptures(Array(pattern.utf8)).match(Array(text.utf8))
        #expect(found?.map { String(decoding: $0, as: UTF8.self) } == captures)
    }

    @Test(arguments: [("a", "b"), ("*.htm", "a.html"), ("a*b", "a"), ("", "a"), ("a", "")])
    func otherTextsDoNotMatch(_ pattern: String, text: String) {
        #expect(WildcardCaptures(Array(pattern.utf8)).match(Array(text.utf8)) == nil)
    }

    @Test
    func manyStarsTakeNoLongerThanTheProductOfBothLengths() {
        let pattern = Array(String(repeating: "a*", count: 200).utf8) + [0x62]
        #expect(WildcardCaptures(pattern).match(Array(repeating: 0x61, count: 4000)) == nil)
    }
}
