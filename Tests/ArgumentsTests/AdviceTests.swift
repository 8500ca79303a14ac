import Arguments
import Testing

@Suite struct AdviceTests {
    private static let guest = Option("--guest", takes: .text("NAME"), "Who is let in.")
    private static let inn = Command(
        "inn", "keep an inn",
        subcommands: [
            Command("open", "open the doors"),
            Command(
                "room", "rooms",
                subcommands: [
                    Command("add", "build one", options: [guest]), Command("list", "list them"),
                    Command("remove", "tear one down"),
                ]),
            Command(
                "table", "tables", subcommands: [Command("list", "list them"), Command("lay", "lay one")]),
        ])

    @Test(arguments: [
        // Other programs' words.
        (["room", "rm"], "unknown command \"rm\" (did you mean \"remove\"?)"),
        (["room", "create"], "unknown command \"create\" (did you mean \"add\"?)"),
        // The verb came first.
        (["add", "room"], "unknown command \"add\" (did you mean \"inn room add\"?)"),
        (["delete", "room", "1"], "unknown command \"delete\" (did you mean \"inn room remove\"?)"),
        // A verb alone.
        (["ls"], "unknown command \"ls\" (did you mean \"inn room list\" or \"inn table list\"?)"),
        (["lay"], "unknown command \"lay\" (did you mean \"inn table lay\"?)"),
        (["table", "add"], "unknown command \"add\" (did you mean \"inn room add\"?)"),
        (["nonsense"], "unknown command \"nonsense\""),
        // An option of another command.
        (["room", "list", "--guest", "x"], "unknown option \"--guest\" (\"inn room add\" takes it)"),
        (["open", "--guest", "x"], "unknown option \"--guest\" (\"inn room add\" takes it)"),
        (["open", "--nonsense"], "unknown option \"--nonsense\""),
    ])
    func theCommandThatWouldWorkIsNamed(arguments: [String], text: String) {
        guard case .refuse(let error) = ArgumentParser(Self.inn, version: "").parse(arguments) else {
            Issue.record("it is taken")
            return
        }
        #expect(error.message == text)
    }
}
