import Arguments

/// What commands that change the configuration take and answer.
extension Commands {
    static let comment = Option(
        "--comment", takes: .text("TEXT"), "Why, for 'hostelry history list'.", default: "what the command is about")
    static let trial = Option("--dry-run", "Changes nothing, and shows as 'diff -u' what would be changed.")
    /// What all of them take.
    static let changing = [trial, comment, force, configuration, state]

    /// The last paragraph of every command that changes something.
    static let changingText =
        "The whole configuration is checked as it would be; where a site or pool would have a mistake that it has not now, "
        + "nothing is changed. A running server serves by the change when the command returns. 'hostelry history' shows it "
        + "and takes it back."

    static let changed: [Command.ExitStatus] = [
        .init(0, "done, or there was nothing to do"), .init(1, "nothing is changed, for the reason that it tells"),
        .init(2, "the arguments make no sense"),
    ]
    static let answeredFromFile: [Command.ExitStatus] = [
        .init(0, "printed"), .init(1, "not printed, for the reason that it tells"),
        .init(2, "the arguments make no sense"),
    ]

    static let settings = Operand(
        .text("ATTRIBUTE=VALUE"), named: "SETTING",
        "A change of what the configuration says of it: ATTRIBUTE=VALUE, for example limits.maxBandwidth=65536, or "
            + "+ITEM for one more item of a collection, for example +files.[value='home.html']. A quotation mark within a "
            + "value in brackets is written twice.", isRequired: false, repeats: true)
}
