import Arguments
import Testing

@Suite struct CompletionTests {
    private static let config = Option("--config", takes: .file, "The configuration.")
    private static let log = Option("--log", takes: .choice(["text", "json"]), "How to log.")
    private static let guest = Option("--guest", takes: .text("NAME"), "Who is let in.", repeats: true)
    private static let room = Operand(.text("ROOM"), "A room.")
    private static let files = Operand(.file, "Files.", isRequired: false, repeats: true)

    private static let inn = Command(
        "inn", "keep an inn",
        subcommands: [
            Command("open", "open the doors", options: [config, log]),
            Command("look", "look at files", operands: [files]),
            Command(
                "room", "rooms",
                subcommands: [
                    Command("list", "list the rooms"),
                    Command("clean", "clean one", operands: [room], options: [guest]),
                ]),
            Command("help", "show help", operands: [Operand.command]),
        ])

    private func completion(_ words: String..., then word: String) -> Completion {
        Completion(Self.inn, after: words, word: word)
    }

    private func words(_ completion: Completion) -> [String] { completion.candidates.map(\.word) }

    @Test func commandsAreOfferedByTheirBeginningsWithWhatTheyDo() {
        #expect(words(completion(then: "")) == ["open", "look", "room", "help"])
        #expect(completion(then: "o").candidates == [.init("open", "open the doors")])
        #expect(words(completion("room", then: "")) == ["list", "clean"])
        #expect(words(completion("nonsense", then: "")) == [])
        #expect(words(completion(then: "--")) == ["--help", "--version"])
        #expect(words(completion("room", then: "--")) == ["--help"])
    }

    @Test func optionsAreOfferedOnceUnlessTheyRepeat() {
        #expect(words(completion("open", then: "--")) == ["--config", "--log", "--help"])
        #expect(words(completion("open", "--log", "text", then: "-")) == ["--config", "--help"])
        #expect(words(completion("open", then: "")) == ["--config", "--log", "--help"], "nothing else may follow")
        #expect(words(completion("room", "clean", "--guest", "a", then: "--g")) == ["--guest"])
        #expect(words(completion("open", "--", then: "--")) == [])
    }

    @Test func valuesOfAFixedSetAreOfferedAlsoBehindAnEqualsSign() {
        #expect(words(completion("open", "--log", then: "")) == ["text", "json"])
        #expect(words(completion("open", then: "--log=j")) == ["--log=json"])
    }

    @Test func otherValuesAreNamedByTheirKind() {
        let file = completion("open", then: "--config=a")
        #expect(file.value?.kind == .file)
        #expect(file.value?.prefix == "--config=")
        #expect(completion("open", "--config", then: "").value?.option == "--config")
        #expect(completion("room", "clean", then: "").value?.kind == .text("ROOM"))
        #expect(completion("room", "clean", "one", then: "x").value == nil)
        #expect(completion("look", "a", "b", then: "").value?.kind == .file)
        #expect(completion("open", "--config", "x", "--log", then: "").options == ["--config": ["x"]])
    }

    @Test func commandsThatTellOfCommandsTakeTheirNames() {
        #expect(words(completion("help", then: "")) == ["open", "look", "room", "help"])
        #expect(words(completion("help", "room", then: "c")) == ["clean"])
        #expect(words(completion("help", "nonsense", then: "")) == [])
    }
}
