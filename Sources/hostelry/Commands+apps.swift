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

    static let app = Command(
        "app", "look after the applications of sites",
        subcommands: [addApplication, listApplications, removeApplication])
}
