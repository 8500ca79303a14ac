import Configuration
import Testing

@Suite struct MistakesTests {
    @Test func onlyWhatWasNotSaidBeforeIsNews() {
        let before = [(line: 3, text: "a"), (line: 9, text: "b")]
        let after = [(line: 4, text: "b"), (line: 5, text: "c"), (line: 7, text: "a")]
        #expect(after.news(since: before, saying: \.text).map(\.line) == [5])
        #expect(after.news(since: [], saying: \.text).map(\.line) == [4, 5, 7])
    }

    @Test func aSecondMistakeThatSaysTheSameIsNews() {
        #expect(["a", "b", "a"].news(since: ["a", "b"]) { $0 } == ["a"])
    }
}
