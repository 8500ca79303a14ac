import Testing

@testable import ConfigurationStore

@Suite struct UnifiedDifferenceTests {
    private func difference(_ old: String, _ new: String) -> String {
        UnifiedDifference.text(from: Array(old.utf8), "a", to: Array(new.utf8), "b")
    }

    private let ten = (1...10).map { "\($0)\n" }.joined()

    @Test func theSameTextsDifferInNothing() {
        #expect(difference(ten, ten) == "")
    }

    /// As GNU diff -u prints it.
    @Test func aChangedLineStandsBetweenThreeOthers() {
        #expect(
            difference(ten, ten.replacing("5\n", with: "five\n")) == """
                --- a
                +++ b
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8

                """)
    }

    /// As GNU diff -u prints it.
    @Test func linesAtBothEndsAreTwoHunks() {
        #expect(
            difference(ten, "0\n" + ten + "11\n") == """
                --- a
                +++ b
                @@ -1,3 +1,4 @@
                +0
                 1
                 2
                 3
                @@ -8,3 +9,4 @@
                 8
                 9
                 10
                +11

                """)
    }

    /// As GNU diff -u prints it.
    @Test func aTextOutOfNothingAddsEveryLine() {
        #expect(difference("", "1\n2\n") == "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n")
    }
}
