import Testing

@testable import Programs

/// Command lines as Windows programs get them: the tables are those of Microsoft's documentation of `CommandLineToArgvW`.
struct CommandLineWordsTests {
    @Test(
        arguments: [
            ("", []), ("  \t ", []), ("a", ["a"]), ("a b\tc", ["a", "b", "c"]), ("  a  b ", ["a", "b"]),
            (#""abc" d e"#, ["abc", "d", "e"]),
            (#"a\\b d"e f"g h"#, [#"a\\b"#, "de fg", "h"]),
            (#"a\\\"b c d"#, [#"a\"b"#, "c", "d"]),
            (#"a\\\\"b c" d e"#, [#"a\\b c"#, "d", "e"]),
            (#"a"b"" c d"#, [#"ab""#, "c", "d"]),
            (#""a b c""#, ["a b c"]), (#""ab\"c" "\\" d"#, [#"ab"c"#, #"\"#, "d"]),
            (#".\App.dll"#, [#".\App.dll"#]), (#"C:\a\ b"#, [#"C:\a\"#, "b"]),
            (#""" x"#, ["", "x"]), (#"a """#, ["a", ""]), (#""""#, [""]), (#""""""#, [#"""#]),
            (#"'a b'"#, ["'a", "b'"]), (#""unclosed quote"#, ["unclosed quote"]),
            (#"-p "D:\a b\\" -q"#, ["-p", #"D:\a b\"#, "-q"]), (#"größe "日本 語""#, ["größe", "日本 語"]),
        ] as [(String, [String])])
    func split(line: String, words: [String]) { #expect(CommandLineWords.split(line) == words) }

    @Test func aLongLineIsTakenAsAShortOne() {
        let long = String(repeating: #"a\b"#, count: 100_000)
        #expect(CommandLineWords.split("\(long) \"\(long) x\"") == [long, long + " x"])
        let backslashes = String(repeating: #"\"#, count: 200_000)
        #expect(CommandLineWords.split(backslashes + "\"") == [String(backslashes.dropLast(100_000))])
    }
}
