import Arguments

/// The history of the configuration, and its backups.
extension Commands {
    private static let answered: [Command.ExitStatus] = [
        .init(0, "done"), .init(1, "not done, for the reason that it tells"), .init(2, "the arguments make no sense"),
    ]

    static let historyLimit = Option(
        "--limit", takes: .number(1...Int.max), "Only the newest versions.", default: "all")
    static let versionNumber = Operand(.text("VERSION"), "A version's number, as 'hostelry history list' shows it.")
    static let otherVersion = Operand(
        .text("OTHER"), "A second version: what lies between both is shown.", isRequired: false)
    static let showsText = Option("--text", "Prints the configuration as it was, instead of what is known of it.")
    static let force = Option(
        "--force", "Also where sites or pools would then be quarantined for mistakes.")

    static let listHistory = Command(
        "list", "list the versions of the configuration",
        discussion: [
            "Shows who changed the configuration, when, by which command and why, the newest first. A file that was saved by "
                + "an editor shows as 'file', made by the file's owner.",
            "With --json one object: versions (number, time in UTC, user, author, tool, comment, hash: the SHA-256 of "
                + "the file).",
        ],
        options: [historyLimit, json, configuration, state],
        examples: [.init("hostelry history list --limit 20", "The last ones.")],
        exitStatuses: answered)

    static let showHistory = Command(
        "show", "show one version of the configuration",
        discussion: [
            "Shows who made it and what it changed of sites and pools. With --text the file as it was; secrets in it are "
                + "covered."
        ],
        operands: [versionNumber], options: [showsText, json, configuration, state], exitStatuses: answered)

    static let diffHistory = Command(
        "diff", "show what is different between versions",
        discussion: [
            "Of one version: what it changed. Of two: what lies between them. First as objects, then as text as 'diff -u' "
                + "shows it. Secrets are covered."
        ],
        operands: [versionNumber, otherVersion], options: [json, configuration, state],
        examples: [.init("hostelry history diff 7 12", "Shows what versions 8 to 12 changed.")], exitStatuses: answered)

    static let restoreHistory = Command(
        "restore", "bring a version of the configuration back",
        discussion: [
            "Checks the whole configuration as it would be, and refuses where sites or pools would be quarantined that are "
                + "not now. Then the file is replaced, and a running server serves by it at once.",
            "Nothing is lost: what is restored is a new version, and what was before can be restored as well.",
        ],
        operands: [versionNumber], options: [force, configuration, state],
        examples: [.init("hostelry history restore 7", "Goes back to version 7.")], exitStatuses: answered)

    static let history = Command(
        "history", "look at the versions of the configuration, and go back",
        subcommands: [listHistory, showHistory, diffHistory, restoreHistory])

    static let backupName = Operand(.text("NAME"), "The backup's name.")
    static let newBackupName = Operand(
        .text("NAME"), "The backup's name. Without one, the time: 20261128T091500.", isRequired: false)

    static let addBackup = Command(
        "add", "copy the configuration",
        discussion: [
            "Copies applicationHost.config, administration.config, redirection.config and the schema files beside them to "
                + "STATE/backup/NAME. Content, web.config files, certificates and keys are not in it. Encrypted attributes that "
                + "stand in clear text are sealed in the copies, as 'hostelry keys encrypt' seals them; every other byte is the "
                + "file's. The copies are readable by the server's user alone."
        ],
        operands: [newBackupName], options: [configuration, state], exitStatuses: answered)

    static let listBackups = Command(
        "list", "list the backups",
        discussion: [
            "Shows the backups, and the folders CFGHISTORY_… that a running server makes when the configuration changes "
                + "(section configHistory). Both can be restored."
        ],
        options: [json, configuration, state], exitStatuses: answered)

    static let restoreBackup = Command(
        "restore", "bring a backup back",
        discussion: [
            "Puts the backup's files in place of those that there are, all of them or none, after the same check as "
                + "'hostelry history restore'. A running server serves by it at once and is not stopped."
        ],
        operands: [backupName], options: [force, configuration, state], exitStatuses: answered)

    static let deleteBackup = Command(
        "delete", "delete a backup", operands: [backupName], options: [configuration, state], exitStatuses: answered)

    static let backup = Command(
        "backup", "keep copies of the configuration, and bring them back",
        subcommands: [addBackup, listBackups, restoreBackup, deleteBackup])
}
