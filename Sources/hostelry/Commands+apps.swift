import Arguments

/// Applications of sites.
extension Commands {
    static let applicationName = Operand(.text("SITE/PATH"), "The application, for example blog/shop.")
    static let applicationFolder = Option("--path", takes: .folder, "The folder with the application's content.")
    static let applicationPool = Option(
        "--pool", takes: .text("POOL"), "The application pool that it runs in, which has to be there.",
        default: "the site's")

    static let addApplication = Command(
        "add", "make a part of a site an application of its own",
        discussion: [
            "What lies below the path is then the application's: its folder, its web.config, its pool.", changingText,
        ],
        operands: [applicationName], options: [applicationFolder, applicationPool] + changing,
        examples: [
            .init("hostelry app add blog/shop --path /srv/shop --pool shop", "Serves /shop from /srv/shop.")
        ], exitStatuses: changed)

    static let applicationsJSON = Option(
        "--json",
        "Prints one JSON object: applications, an array of site, path, pool and directories (path, physicalPath). Members "
            + "may be added later, none is taken away.")
    static let listedSite = Operand(.text("SITE"), "Only the applications of this site.", isRequired: false)

    static let listApplications = Command(
        "list", "list the applications", operands: [listedSite], options: [applicationsJSON, configuration, state],
        exitStatuses: answeredFromFile)

    static let removeApplication = Command(
        "remove", "make an application a part of its site again",
        discussion: [
            "Takes the application out of the configuration; its content stays as it is. A site's root application goes with "
                + "the site.", changingText,
        ],
        operands: [applicationName], options: [yes] + changing, exitStatuses: changed)

    static let applicationJSON = Option(
        "--json", "Prints the object that 'hostelry app list --json' has of the application.")

    static let showApplication = Command(
        "show", "show an application with its virtual directories", operands: [applicationName],
        options: [applicationJSON, configuration, state],
        examples: [.init("hostelry app show blog/shop", "Shows which pool it runs in, and where its files lie.")],
        exitStatuses: answeredFromFile)

    static let otherApplicationFolder = Option(
        "--path", takes: .folder, "Another folder for the content of the application.")

    static let setApplication = Command(
        "set", "change an application",
        discussion: [
            "Moves an application to another pool or folder, or changes what the configuration says of it.",
            changingText,
        ],
        operands: [applicationName, settings], options: [otherPool, otherApplicationFolder] + changing,
        examples: [
            .init("hostelry app set blog/shop --pool shop", "Moves it to a pool of its own."),
            .init("hostelry app set blog/shop preloadEnabled=true", "Changes a setting of it."),
        ], exitStatuses: changed)

    static let app = Command(
        "app", "look after the applications of sites",
        subcommands: [addApplication, listApplications, showApplication, setApplication, removeApplication])
}
