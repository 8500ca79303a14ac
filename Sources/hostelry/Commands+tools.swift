import Arguments

/// What the table of commands makes of itself: help, completion, man pages.
extension Commands {
    static let help = Command(
        "help", "show the help of a command",
        discussion: ["Does what COMMAND --help does."],
        operands: [Operand.command],
        examples: [
            .init("hostelry help site", "Lists what can be done with sites."),
            .init("hostelry help site add", "Says what 'hostelry site add' takes."),
        ],
        exitStatuses: [.init(0, "printed"), .init(2, "there is no such command")])

    private static let shell = Operand(
        .choice(CompletionScript.allCases.map(\.rawValue)), named: "SHELL", "bash, zsh or fish.")

    static let completion = Command(
        "completion", "print what completes commands in a shell",
        discussion: [
            "Prints a script for the shell. With it Tab completes commands, options, their values, files, and the names of "
                + "sites, applications, pools and sections, of the instance that --config names on the line.",
            "The script asks the installed program what may follow and need not be renewed with it. Names with control "
                + "characters are not offered. Tab never waits for a server, and tells of no error.",
        ],
        operands: [shell],
        examples: [
            .init("eval \"$(hostelry completion bash)\"", "Completes in this bash; in ~/.bashrc, in every one."),
            .init(
                "hostelry completion zsh > /usr/share/zsh/vendor-completions/_hostelry",
                "Completes in every zsh of the machine."),
            .init(
                "hostelry completion fish > ~/.config/fish/completions/hostelry.fish",
                "Completes in every fish of the user."),
        ],
        exitStatuses: [.init(0, "printed"), .init(2, "the arguments make no sense")])

    static let manualFolder = Option(
        "--all", takes: .folder,
        "Writes all pages into this folder, one file each (hostelry.1, hostelry-site.1, ...). It is made where it is "
            + "missing.")

    static let man = Command(
        "man", "print the man page of a command",
        discussion: [
            "Prints the page as man and groff read it. Each command has a page, and a family of commands, such as site, one "
                + "for all of them. Without a command it is the page of the program."
        ],
        operands: [Operand.command], options: [manualFolder],
        examples: [
            .init("hostelry man site | man -l -", "Reads the page of a command."),
            .init("hostelry man --all /usr/local/share/man/man1", "Installs all pages: 'man hostelry-site' shows one."),
        ],
        exitStatuses: [
            .init(0, "printed or written"), .init(1, "not written, for the reason that it tells"),
            .init(2, "there is no such command"),
        ])
}
