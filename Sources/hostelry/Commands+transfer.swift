import Arguments

/// The configuration on its way to another server.
extension Commands {
    static let exportFolder = Option(
        "--to", takes: .folder, "The folder that is written; made where it is missing. What is there stays.")
    static let importFolder = Option(
        "--from", takes: .folder,
        "The folder that 'hostelry export' wrote, or one with the applicationHost.config of Windows.")
    static let passwordFile = Option(
        "--password-file", takes: .file, "Takes the password from the first line of this file.",
        default: "the terminal is asked, without showing it")
    static let passwordDescriptor = Option(
        "--password-fd", takes: .number(0...1_048_575),
        "Takes the password from the first line of this open descriptor.")
    static let withoutKeys = Option(
        "--without-keys",
        "Leaves the keys out, and needs no password: encrypted values can be read only where their keys are already.")
    static let exportedSite = Option(
        "--site", takes: .text("NAME"),
        "Exports only this site, with the pools of its applications and what <location> elements say of it. May be given "
            + "several times.", repeats: true)

    static let exportedContent = Option(
        "--content",
        "With --site: copies the folders of the sites' virtual directories too, with modes, times and links. Not those of "
            + "which the server's own files are part.")
    static let forWindows = Option(
        "--for-windows",
        "Writes the configuration as Windows reads it: what only this server knows is left out and listed. No keys, no "
            + "password, no manifest.")
    static let withoutSecrets = Option(
        "--without-secrets",
        "With --for-windows: leaves encrypted values out, which Windows cannot open, and lists them. Without it nothing "
            + "is exported where there are any.")
    static let exportMap = Option(
        "--map", takes: .text("WINDOWS=HERE"),
        "With --for-windows: where a folder lies there, written as for the import, for example "
            + "'C:\\inetpub=/srv/inetpub'. May be given several times.", repeats: true)
    static let exportAccounts = Option(
        "--account", takes: .text("WINDOWS=HERE"),
        "With --for-windows: which account there stands for one of this machine, for example 'CORP\\web=www-data'. May be "
            + "given several times.", repeats: true)

    static let export = Command(
        "export", "write the configuration into a folder, for another server",
        discussion: [
            "Writes applicationHost.config, administration.config where there is one, configEncKey.key and a manifest with "
                + "the hashes of the files. Encrypted attributes travel sealed, those in clear text too; their keys are in "
                + "configEncKey.key, wrapped under a password of eight characters at least with capital and small letters, "
                + "digits and symbols.",
            "The same configuration, keys and password make the same files, unless something stands in clear text. Schema "
                + "files, certificates and redirection.config are not exported; content and web.config files only with "
                + "--content.",
            "--content puts what the sites serve into DIR/content, for this user alone to read, and the hash of every file "
                + "into content.list. Sockets, pipes and devices stay behind, owners and access lists too; what a link "
                + "leads to is not followed. Stop the sites where their files must be of one moment.",
        ],
        options: [
            exportFolder, exportedSite, exportedContent, passwordFile, passwordDescriptor, withoutKeys, forWindows,
            exportMap, exportAccounts, withoutSecrets, configuration, state,
        ],
        examples: [
            .init("hostelry export --to /srv/export", "Asks for a password and exports everything."),
            .init(
                "hostelry export --to /srv/shop --site Shop --content --password-file pw",
                "Exports one site with what it serves."),
            .init(
                "hostelry export --to /srv/iis --for-windows --map 'C:\\inetpub=/srv/inetpub'",
                "Exports what a server of Windows can read."),
        ],
        exitStatuses: [
            .init(0, "exported"), .init(1, "not exported, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let pathMap = Option(
        "--map", takes: .text("THERE=HERE"),
        "Where a folder of the other server lies here, for example 'C:\\inetpub=/srv/inetpub' for a configuration of "
            + "Windows, or '/srv/shop=/sites/shop' for sites that were exported with --site. Everything below it is meant "
            + "too; of several the longest. May be given several times.", repeats: true)
    static let accountMap = Option(
        "--account", takes: .text("WINDOWS=HERE"),
        "For a configuration of Windows: which account of this machine stands for one of its pools' accounts, for example "
            + "'CORP\\web=www-data'. May be given several times.", repeats: true)
    static let importReport = Option(
        "--report", takes: .file,
        "For a configuration of Windows: writes into this file, as JSON, what becomes of every section and attribute.")

    static let importDryRun = Option("--dry-run", "Changes nothing, and says what would be changed.")
    static let yes = Option("--yes", "Does not ask at the terminal before it changes something.")

    static let importing = Command(
        "import", "take over what another server exported",
        discussion: [
            "Compares the hashes, opens the keys, reads and checks the whole configuration, says which sites and pools would "
                + "change and which pools would be recycled, asks, and then changes everything in one step with a version in "
                + "the history, or nothing. An export of sites is put beside the sites that are there.",
            "Nothing is imported that would not be served: with mistakes, with a section that no schema here describes, with a "
                + "pool whose user this machine does not have, with values that no key opens. Values that another provider "
                + "encrypted are kept and listed.",
            "Content of sites goes where they look for it. Nothing that is there is written over: a file that is there and "
                + "the same stays, one that differs is told and nothing is changed. All of it is copied beside its place, "
                + "compared with its hashes and then renamed; the users of the sites' pools may read it, and write to it "
                + "after 'hostelry pool grant'. An import that was killed is finished by the same command.",
            "From Windows: IIS's shared-configuration export, or a copy of its folder inetsrv\\config. Folders are named anew "
                + "by --map, and their virtual directories get caseSensitive=\"false\", so that URLs name files in any case "
                + "of letters as before. What means nothing here is kept and listed, with what stands in its place or what is "
                + "to be decided; so are passwords that a key of Windows sealed, which are to be set anew.",
        ],
        options: [
            importFolder, pathMap, accountMap, importReport, importDryRun, yes, passwordFile, passwordDescriptor,
            configuration, state,
        ],
        examples: [
            .init("hostelry import --from /srv/export --dry-run", "Says what would be changed."),
            .init(
                "hostelry import --from config --map 'C:\\inetpub=/srv/inetpub' --dry-run",
                "Says what becomes of a configuration of Windows."),
        ],
        exitStatuses: [
            .init(0, "imported, or with --dry-run could be, also where nothing would change"),
            .init(1, "nothing is changed, for the reason that it tells"), .init(2, "the arguments make no sense"),
        ])
}
