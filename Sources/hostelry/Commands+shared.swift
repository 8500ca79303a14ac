import Arguments

/// Shared configuration.
extension Commands {
    static let sharedPath = Option(
        "--path", takes: .folder, "The folder that holds the applicationHost.config to serve.")
    static let sharedUser = Option(
        "--user", takes: .text("USER"),
        "The account of this server that the folder is read as; redirection.config keeps it as userName. Its password is "
            + "not needed, but the server has to run as root.", default: "the server's own account")
    static let sharedDryRun = Option("--dry-run", "Changes nothing, and says what would change.")
    static let copyBack = Option(
        "--copy-back",
        "Makes the shared files the local ones, so that the server goes on serving what it serves. Where the folder is away, "
            + "the last good copy of it is taken.")

    private static let statuses: [Command.ExitStatus] = [
        .init(0, "done"), .init(1, "not done, for the reason that it tells"),
        .init(2, "the arguments make no sense"),
    ]

    static let enableSharing = Command(
        "enable", "serve the configuration of a shared folder",
        discussion: [
            "Reads the folder's applicationHost.config and checks all of it as this server would serve it. Where it has no "
                + "mistake, redirection.config beside the configuration file is written, as a version of the history, and a running "
                + "server goes over to the folder without closing a connection.",
            "Encrypted values have to open with this server's keys. Where the folder holds configEncKey.key, as 'hostelry export' "
                + "writes it, its password opens it, and its keys become this server's: its own stay, and what is sealed "
                + "from then on is sealed with the folder's. Where anything fails, no key is taken.",
            "The local files stay as they are. Schema files, %HOSTELRY_CONFIG_DIR% and redirection.config are each server's own.",
        ],
        options: [
            sharedPath, sharedUser, passwordFile, passwordDescriptor, sharedDryRun, configuration, state,
        ],
        examples: [
            .init(
                "hostelry shared enable --path /srv/shared --dry-run", "Shows what this server would serve differently."
            )
        ], exitStatuses: statuses)

    static let disableSharing = Command(
        "disable", "serve the local configuration again",
        discussion: [
            "Writes redirection.config; a running server goes over to the local file without closing a connection. The local "
                + "file is checked first, as 'shared enable' checks the shared one."
        ],
        options: [copyBack, sharedDryRun, configuration, state], exitStatuses: statuses)

    static let sharingJSON = Option(
        "--json",
        "Prints one JSON object: enabled, folder, userName, remark, pollingPeriod (seconds), pollsOnly, server (null where none runs, or it "
            + "serves the local file, else folder, state, reason, since, copied as in 'hostelry status --json').")

    static let sharingStatus = Command(
        "status", "show which configuration is shared",
        discussion: ["Shows what redirection.config says and whether the running server can follow the folder."],
        options: [sharingJSON, configuration, state],
        exitStatuses: [
            .init(0, "printed"), .init(1, "redirection.config has a mistake, which it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let shared = Command(
        "shared", "let several servers read one configuration",
        subcommands: [enableSharing, disableSharing, sharingStatus])
}
