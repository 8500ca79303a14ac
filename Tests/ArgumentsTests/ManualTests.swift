import Arguments
import Testing

@Suite struct ManualTests {
    private static let config = Option("--config", takes: .file, "The book.", default: "/etc/inn.config")
    private static let loud = Option("--loud", "Says 'it' aloud.")
    private static let name = Operand(.text("NAME"), "Its name.")
    private static let inn = Command(
        "inn", "keep an inn",
        subcommands: [
            Command(
                "open", "open the doors", discussion: [".. and 'light' the fire\\", "Grüße."], options: [config],
                examples: [.init("inn open --config=~/a^b", "Opens it.")], exitStatuses: [.init(0, "closed again")]),
            Command(
                "room", "look after rooms",
                subcommands: [
                    Command(
                        "add", "build one", discussion: ["Takes a while.", "It is swept."], operands: [name],
                        options: [config, loud], exitStatuses: [.init(0, "done"), .init(1, "not done")]),
                    Command(
                        "list", "list them", discussion: ["It is swept."], options: [config],
                        exitStatuses: [.init(0, "printed"), .init(1, "not done")]),
                ]),
        ],
        groups: [.init("Begin", ["open"])])

    private static let manual = Manual(
        inn, version: "Inn 1.0",
        files: [.init("/etc/inn.config", "The book.", with: config), .init("/inn", "The house.")],
        environment: [.init("LOUD", "Says it aloud.", of: inn.subcommands[1])])

    private func page(_ names: String...) -> String { Self.manual.page(of: names)?.roff ?? "" }

    @Test func eachCommandHasAPageAndAFamilyOne() {
        #expect(Self.manual.pages.map(\.fileName) == ["inn.1", "inn-open.1", "inn-room.1"])
        #expect(page("room", "list") == page("room"))
        #expect(Self.manual.page(of: ["nonsense"]) == nil)
    }

    @Test func aPageHasItsSectionsInTheUsualOrder() {
        let text = page("open")
        let titles = text.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map { $0.dropFirst(4) }
        #expect(
            titles == ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES", "SEE ALSO"])
        #expect(text.contains(".TH INN\\-OPEN 1 \"\" \"Inn 1.0\" \"inn manual\"\n"))
        #expect(text.contains("\ninn\\-open \\- open the doors\n"))
        #expect(text.contains("\n\\fBinn open\\fR [\\fB\\-\\-config\\fR\\ \\fIFILE\\fR]\n"))
        #expect(text.contains("\n.TP\n\\fB\\-\\-config\\fR \\fIFILE\\fR\nThe book. Default: /etc/inn.config.\n"))
        #expect(text.contains("\n.TP\n\\fB0\\fR\nClosed again.\n"))
        #expect(!text.contains("/inn\\fR\n"), "a file of no option is told by the program's page")
    }

    @Test func nothingOfATextIsACommandOfRoff() {
        let text = page("open")
        #expect(text.contains("\n\\&.. and \\(aqlight\\(aq the fire\\(rs\n"))
        #expect(text.contains("\nGr\\[u00FC]\\[u00DF]e.\n"))
        #expect(text.contains("\\fBinn open \\-\\-config=\\(ti/a\\(hab\\fR"))
    }

    @Test func aFamilySaysOnceWhatItsCommandsShare() {
        let text = page("room")
        #expect(text.contains("\n.SH DESCRIPTION\nLook after rooms.\n.PP\nIt is swept.\n"))
        #expect(text.contains("\n.SS inn room add\n"))
        #expect(text.contains("\n.SS inn room list\n"))
        #expect(text.split(separator: "It is swept.").count == 2)
        #expect(text.split(separator: "The book. Default").count == 2)
        #expect(text.contains("Says \\(aqit\\(aq aloud."))
        #expect(text.contains("\n.TP\n\\fB0\\fR\nDone; or printed.\n"))
        #expect(text.contains("\n.TP\n\\fB1\\fR\nNot done.\n"))
        #expect(text.contains("\n.TP\n\\fILOUD\\fR\n"))
        #expect(!page("open").contains("LOUD"))
    }

    @Test func theProgramsPageListsTheCommandsUnderTheirHeadings() {
        let text = page()
        #expect(text.contains("\n.SH BEGIN\n.TP\n\\fBinn\\-open\\fR(1)\nOpen the doors.\n"))
        #expect(text.contains("\n.SH MORE COMMANDS\n.TP\n\\fBinn\\-room\\fR(1)\n"))
        #expect(text.contains("\\fI/inn\\fR\nThe house.\n"))
    }
}
