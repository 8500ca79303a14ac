import Testing

@testable import ConfigurationStore
@testable import SQLite

@Suite("Answers as text")
struct AnswerTextTests {
    private func answer(
        _ columns: [String], _ rows: [[SQLValue]], cut: ResultTable.Cut? = nil
    ) -> AnswerText {
        AnswerText(ResultTable(columns: columns, rows: rows, cut: cut))
    }

    @Test func columnsHaveOneWidthAndNumbersStandToTheRight() {
        #expect(
            answer(["name", "size"], [["a", 5], ["longer", 1000]]).table
                == "name    size\na          5\nlonger  1000\n")
        // A column that is not all numbers is text.
        #expect(answer(["n", "x"], [[1, "a"], [nil, "b"]]).table == "n     x\n1     a\nNULL  b\n")
        #expect(answer(["a"], []).table == "a\n")
        #expect(answer(["a", "b"], [["x", ""]]).table == "a  b\nx\n")
    }

    @Test func nothingInATableSteersTheTerminal() {
        #expect(answer(["a"], [["x\u{1b}[2J\ny\u{202e}"]]).table == "a\nx\\u001b[2J\\ny\\u202e\n")
        #expect(answer(["a"], [[.blob([0, 255, 16])]]).table == "a\n00ff10\n")
    }

    // RFC 4180, section 2: CRLF after each record, fields with commas, quotes or line breaks in quotes, quotes doubled.
    @Test func commaSeparatedValuesAreThoseOfTheStandard() {
        #expect(
            answer(["a", "b,c"], [["plain", "say \"hi\""], ["two\nlines", nil], ["", 1.5]]).csv
                == "a,\"b,c\"\r\nplain,\"say \"\"hi\"\"\"\r\n\"two\nlines\",\r\n\"\",1.5\r\n")
    }

    @Test func jsonKeepsTheTypes() {
        #expect(
            answer(["a", "b"], [[1, "x\u{7f}"], [nil, 2.5]]).json
                == "{\n  \"columns\": [\"a\", \"b\"],\n  \"rows\": [\n    [1, \"x\\u007f\"],\n    [null, 2.5]\n  ],\n  \"cut\": null\n}"
        )
        #expect(answer(["a"], [[.blob([10])], [.real(.infinity)]]).json.contains("[\"0a\"],\n    [\"inf\"]"))
    }

    @Test func jsonSaysWhyThereIsNoMore() {
        #expect(answer([], [], cut: .rows).json.contains("\"cut\": \"rows\""))
        #expect(answer([], [], cut: .bytes).json.contains("\"cut\": \"bytes\""))
    }
}
