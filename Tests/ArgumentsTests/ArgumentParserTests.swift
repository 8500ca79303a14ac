import Arguments
import Testing

@Suite struct ArgumentParserTests {
    private static let config = Option("--config", takes: .file, "The configuration.", default: "/etc/inn.config")
    private static let port = Option("--port", takes: .number(1...65535), "Where to listen.")
    private static let log = Option("--log", takes: .choice(["text", "json"]), "How to log.")
    private static let guest = Option("--guest", takes: .text("NAME"), "Who is let in.", repeats: true)
    private static let quiet = Option("--quiet", "Says less.")
    private static let files = Operand(.file, "Files to look at.", isRequired: false, repeats: true)
    private static let folder = Operand(.folder, "Where to.")

    private static let inn = Command(
        "inn", "keep an inn",
        subcommands: [
            Command(
                "open", "open the doors", options: [config, port, log, quiet],
                exitStatuses: [.init(0, "closed again"), .init(1, "could not open")]),
            Command("check", "look at files", operands: [files], options: [quiet]),
            Command("copy", "copy somewhere", operands: [folder], options: [guest]),
            Command("room", "rooms", subcommands: [Command("list", "list the rooms")]),
        ])

    private func parse(_ arguments: String...) -> Outcome {
        ArgumentParser(Self.inn, version: "Inn 1.0").parse(arguments)
    }

    private func ran(_ outcome: Outcome) -> Invocation? {
        if case .run(let invocation) = outcome { invocation } else { nil }
    }

    private func refusal(_ outcome: Outcome) -> String? {
        if case .refuse(let error) = outcome { error.text } else { nil }
    }

    private func shown(_ outcome: Outcome) -> String? {
        if case .show(let text) = outcome { text } else { nil }
    }

    @Test func optionsTakeTheirValueAfterASpaceOrAnEqualsSign() throws {
        let invocation = try #require(ran(parse("open", "--port", "80", "--config=a=b.config", "--quiet")))
        #expect(invocation.path == ["inn", "open"])
        #expect(invocation.number(Self.port) == 80)
        #expect(invocation.text(Self.config) == "a=b.config")
        #expect(invocation.has(Self.quiet))
        #expect(!invocation.has(Self.log))
        #expect(invocation.text(Self.log) == nil)
    }

    @Test func anOptionThatRepeatsKeepsItsValuesInOrder() throws {
        let invocation = try #require(ran(parse("copy", "x", "--guest", "b", "--guest=a")))
        #expect(invocation.texts(Self.guest) == ["b", "a"])
        #expect(invocation.texts(Self.config) == [])
    }

    @Test func subcommandsNest() throws {
        #expect(ran(parse("room", "list"))?.path == ["inn", "room", "list"])
    }

    @Test func operandsAndOptionsMayMixUntilTwoHyphens() throws {
        let invocation = try #require(ran(parse("check", "a", "--quiet", "-", "--", "--quiet", "--")))
        #expect(invocation.operands == ["a", "-", "--quiet", "--"])
        #expect(invocation.has(Self.quiet))
        #expect(invocation.operand(Self.files) == "a")
    }

    @Test func anOptionalOperandMayBeLeftOut() throws {
        let invocation = try #require(ran(parse("check")))
        #expect(invocation.operands.isEmpty)
        #expect(invocation.operand(Self.files) == nil)
    }

    @Test(arguments: [
        (["opne"], "inn: unknown command \"opne\" (did you mean \"open\"?)\nTry 'inn --help'.\n"),
        (["zzz"], "inn: unknown command \"zzz\"\nTry 'inn --help'.\n"),
        ([], "inn: a command is missing: open, check, copy, room\nTry 'inn --help'.\n"),
        (["room"], "inn room: a command is missing: list\nTry 'inn room --help'.\n"),
        (
            ["open", "--prot", "80"],
            "inn open: unknown option \"--prot\" (did you mean \"--port\"?)\nTry 'inn open --help'.\n"
        ),
        (["open", "--colour=red"], "inn open: unknown option \"--colour\"\nTry 'inn open --help'.\n"),
        (["open", "--port"], "inn open: --port needs a value: N\nTry 'inn open --help'.\n"),
        (
            ["open", "--port", "0"],
            "inn open: --port \"0\": expected a number from 1 to 65535\nTry 'inn open --help'.\n"
        ),
        (
            ["open", "--port=80x"],
            "inn open: --port \"80x\": expected a number from 1 to 65535\nTry 'inn open --help'.\n"
        ),
        (["open", "--log", "xml"], "inn open: --log \"xml\": expected text or json\nTry 'inn open --help'.\n"),
        (["open", "--config="], "inn open: --config \"\": it is empty\nTry 'inn open --help'.\n"),
        (["open", "--quiet=yes"], "inn open: --quiet takes no value\nTry 'inn open --help'.\n"),
        (["open", "--quiet", "--quiet"], "inn open: --quiet is given twice\nTry 'inn open --help'.\n"),
        (["open", "now"], "inn open: unexpected \"now\"\nTry 'inn open --help'.\n"),
        (["copy"], "inn copy: DIR is missing\nTry 'inn copy --help'.\n"),
        (["copy", "a", "b"], "inn copy: unexpected \"b\"\nTry 'inn copy --help'.\n"),
    ])
    func whatMakesNoSenseIsRefusedWithTheReason(arguments: [String], text: String) {
        #expect(refusal(ArgumentParser(Self.inn, version: "").parse(arguments)) == text)
        #expect(UsageError.exitStatus == 2)
    }

    @Test func theVersionIsShownByTheProgramItself() {
        #expect(shown(parse("--version")) == "Inn 1.0\n")
        #expect(refusal(parse("open", "--version")) != nil)
    }

    @Test func helpOfTheProgramListsTheCommands() {
        #expect(
            shown(parse("--help")) == """
                inn - keep an inn

                Usage:
                  inn COMMAND

                Commands:
                  open   open the doors
                  check  look at files
                  copy   copy somewhere
                  room   rooms

                Options:
                  --help     Shows this text.
                  --version  Shows the program's version.

                'inn COMMAND --help' says more about a command.

                """)
    }

    @Test func helpOfACommandSaysAllItTakes() {
        #expect(
            shown(parse("open", "--port", "nonsense", "--help")) == nil, "what comes before --help is checked first")
        #expect(
            shown(parse("open", "--help")) == """
                inn open - open the doors

                Usage:
                  inn open [--config FILE] [--port N] [--log text|json] [--quiet]

                Options:
                  --config FILE    The configuration. Default: /etc/inn.config.
                  --port N         Where to listen.
                  --log text|json  How to log.
                  --quiet          Says less.
                  --help           Shows this text.

                Exit status:
                  0  closed again
                  1  could not open

                """)
    }

    @Test func longTextsAreWrappedBetweenWordsAndBrackets() {
        let wide = Command(
            "inn", "", discussion: ["one two three four"], options: [Self.config, Self.port, Self.log])
        let text = shown(ArgumentParser(wide, version: "").parse(["--help"], width: 30))
        #expect(
            text?.hasPrefix(
                """
                inn - 

                Usage:
                  inn [--config FILE]
                      [--port N]
                      [--log text|json]

                one two three four
                """) == true)
        #expect(text?.contains("  --config FILE    The\n                   configuration.") == true)
    }
}
