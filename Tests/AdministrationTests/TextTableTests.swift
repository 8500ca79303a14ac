import Testing

@testable import Administration

@Suite struct TextTableTests {
    @Test func columnsAreAsWideAsTheirTexts() {
        #expect(
            TextTable(["ID", "SITE"], [["1", "Main"], ["20", "Shop of all"]], width: 80).text == """
                ID  SITE
                1   Main
                20  Shop of all

                """)
    }

    @Test func theWidestColumnGivesWay() {
        let lines = TextTable(["ID", "SITE"], [["1", "a name that goes on and on"]], width: 16).lines
        #expect(lines == ["ID  SITE", "1   a name that…"])
    }

    @Test func nothingInACellSteersTheTerminal() {
        let text = TextTable(["SITE"], [["a\u{1B}[2Jb\nc\u{202E}d"]], width: 80).text
        #expect(text == "SITE\na\\u001b[2Jb\\nc\\u202ed\n")
    }

    @Test func notesStandBelowTheirRows() {
        #expect(TextTable(["A"], [["1"], ["2"]], notes: [["why"], []], width: 4).lines == ["A", "1", "    why", "2"])
    }
}

@Suite struct DifferenceTextTests {
    private let difference = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n \tsame\n-old\n+n\u{9B}ew\n"

    @Test func aFileGetsTheTextWithoutWhatSteers() {
        #expect(
            DifferenceText(difference, isColoured: false).text
                == "--- a\n+++ b\n@@ -1,2 +1,2 @@\n \tsame\n-old\n+n\\u009bew\n")
    }

    @Test func aTerminalGetsColours() {
        let lines = DifferenceText(difference, isColoured: true).text.split(separator: "\n")
        #expect(lines[4] == "\u{1B}[31m-old\u{1B}[0m")
        #expect(lines[5] == "\u{1B}[32m+n\\u009bew\u{1B}[0m")
        #expect(lines[3] == " \tsame")
    }
}
