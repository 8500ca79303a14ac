import Administration
import HostModel
import Testing

@Suite struct ProblemListTests {
    private let error = Problem(
        .error, file: "a/web.config", line: 12, object: "site \"Shop\"", "Unrecognized attribute 'x'")
    private let warning = Problem(.warning, file: "b.config", line: 0, "says \"nothing\"\nnew line")

    @Test func eachProblemIsALineWithItsPlace() {
        #expect(
            ProblemList([error, warning]).text == """
                a/web.config:12: error: site "Shop": Unrecognized attribute 'x'
                b.config: warning: says "nothing"\\nnew line

                """)
    }

    @Test func jsonCountsAndLists() {
        #expect(
            ProblemList([error, warning]).json == #"""
                {
                  "errors": 1,
                  "warnings": 1,
                  "problems": [
                    {"file": "a/web.config", "line": 12, "severity": "error", "object": "site \"Shop\"", "message": "Unrecognized attribute 'x'"},
                    {"file": "b.config", "line": null, "severity": "warning", "object": "", "message": "says \"nothing\"\nnew line"}
                  ]
                }

                """#)
        #expect(ProblemList([]).json == "{\n  \"errors\": 0,\n  \"warnings\": 0,\n  \"problems\": []\n}\n")
    }

    @Test func onlyErrorsMakeTheStatusOne() {
        #expect(ProblemList([]).exitStatus == 0)
        #expect(ProblemList([warning]).exitStatus == 0)
        #expect(ProblemList([warning, error]).exitStatus == 1)
    }
}
