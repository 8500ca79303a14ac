import Arguments

/// The keys that encrypted attributes are sealed with.
extension Commands {
    private static let statuses: [Command.ExitStatus] = [
        .init(0, "done"), .init(1, "nothing is changed, for the reason that it tells"),
        .init(2, "the arguments make no sense"),
    ]

    static let showKeys = Command(
        "show", "list the keys, and how many values each seals",
        discussion: [
            "Lists the names of the keys in STATE/keys with the time they were made and how many values in the server's "
                + "files are sealed by each; below, where values stand in clear text, and which no key opens. No key and no "
                + "value is shown."
        ],
        options: [configuration, state],
        examples: [.init("hostelry keys show", "Shows whether anything stands in clear text.")], exitStatuses: statuses)

    static let forget = Option(
        "--forget",
        "Forgets the old keys when nothing in the server's files needs them any more. Values in older versions of the "
            + "history, in backups and in exports that have no keys of their own can be read by nobody then.")

    static let rotateKeys = Command(
        "rotate", "make a new key, and seal everything with it",
        discussion: [
            "Makes a new key in STATE/keys and seals the encrypted attributes of applicationHost.config, administration.config "
                + "and redirection.config with it, all files in one change with a version in the history. Clear text is "
                + "sealed too. No pool is recycled.",
            "The old keys stay, and seal nothing any more. Whatever stops the command, every value can be read: the new key is "
                + "there before anything is sealed with it.",
        ],
        options: [forget, configuration, state],
        examples: [.init("hostelry keys rotate --forget", "Changes the key and forgets those before it.")],
        exitStatuses: statuses)

    static let encryptSecrets = Command(
        "encrypt", "seal what stands in clear text",
        discussion: [
            "Finds the attributes of the server's files that the schema marks as encrypted and that somebody wrote in clear "
                + "text, and replaces each by what HostelryAesProvider makes of it; every other byte stays. web.config files "
                + "are their applications' and are not touched."
        ],
        options: [dryRun, configuration, state],
        examples: [.init("hostelry keys encrypt --dry-run", "Says which values stand in clear text.")],
        exitStatuses: statuses)

    static let keys = Command(
        "keys", "encrypted attributes and their keys", subcommands: [showKeys, rotateKeys, encryptSecrets])
}
