import Arguments

/// Sites: what is configured. Starting and stopping them is said to a running server (`Commands+server`).
extension Commands {
    static let newSiteName = Operand(.text("NAME"), "The new site's name.")
    static let hostNames = Option(
        "--host", takes: .text("H"), "A host name that the site answers to.",
        default: "any that no other site of the port has", repeats: true)
    static let sitePort = Option(
        "--port", takes: .number(1...65535), "The port of the site, or of the hosts.", default: "80")
    static let bindingOption = Option(
        "--binding", takes: .text("BINDING"),
        "What the site answers to instead, as a visitor types it (http://www.example.com:8080) or as the configuration has "
            + "it (http/*:8080:www.example.com).", repeats: true)
    static let contentFolder = Option("--path", takes: .folder, "The folder with the site's content.")
    static let newSitePool = Option(
        "--pool", takes: .text("POOL"), "The application pool that it runs in, which has to be there.",
        default: "one of the site's own name, which is made where there is none, so that the site has a user and a "
            + "process of its own")
    static let newSiteRuntime = Option(
        "--runtime", takes: .choice(["none", "v4.0", "v2.0"]),
        "The .NET Framework that the new pool names (managedRuntimeVersion); none is IIS's \"No Managed Code\", what "
            + "applications of ASP.NET Core want. This server loads none of them.",
        default: "what applicationPoolDefaults say")
    static let siteID = Option(
        "--id", takes: .number(1...4_294_967_295), "The site's number.", default: "the one behind the highest")

    static let addSite = Command(
        "add", "host a site",
        discussion: [
            "Adds a site with its bindings, its root application and the folder of its content, and the pool that it runs "
                + "in. The pool's user has to be able to read the folder: 'hostelry check' tells where it cannot, "
                + "'hostelry pool grant POOL DIR --read' lets it.",
            changingText,
        ],
        operands: [newSiteName],
        options: [contentFolder, hostNames, sitePort, bindingOption, newSitePool, newSiteRuntime, siteID] + changing,
        examples: [
            .init(
                "hostelry site add blog --host blog.example --path /srv/blog",
                "Hosts /srv/blog as http://blog.example/, in a pool of its own."),
            .init(
                "hostelry site add intern --port 8080 --path /srv/intern --pool DefaultAppPool",
                "Answers to every name on port 8080."),
        ], exitStatuses: changed)

    static let sitesJSON = Option(
        "--json",
        "Prints one JSON object: sites, an array of id, name, state (null where no server runs), pool and path (of the "
            + "root application), bindings (protocol, information) and applications (path, pool, directories with path and "
            + "physicalPath). Members may be added later, none is taken away.")
    static let siteJSON = Option("--json", "Prints the object that 'hostelry site list --json' has of the site.")

    static let listSites = Command(
        "list", "list the sites",
        discussion: [
            "Shows the sites of the configuration with their bindings, and of each root application the pool and the folder. "
                + "The state is a running server's."
        ],
        options: [sitesJSON, configuration, state], exitStatuses: answeredFromFile)

    static let showSite = Command(
        "show", "show a site with its applications",
        operands: [siteName], options: [siteJSON, configuration, state],
        examples: [.init("hostelry site show blog", "Shows what a site answers to, and where its files lie.")],
        exitStatuses: answeredFromFile)

    static let movedFolder = Option("--path", takes: .folder, "Another folder for the content of its root.")
    static let otherPool = Option(
        "--pool", takes: .text("POOL"), "Another application pool, which has to be there ('hostelry pool add').")
    static let otherID = Option("--id", takes: .number(1...4_294_967_295), "Another number.")

    static let otherSiteName = Option(
        "--name", takes: .text("NAME"), "Another name. The site's locations move with it, in the same step.")

    static let setSite = Command(
        "set", "change a site",
        discussion: [
            "Moves the site's root application to another pool or folder, or changes what the configuration says of the "
                + "site.", changingText,
        ],
        operands: [siteName, settings], options: [otherPool, movedFolder, otherSiteName, otherID] + changing,
        examples: [
            .init("hostelry site set blog --pool blog", "Moves a site to a pool of its own."),
            .init("hostelry site set blog limits.maxConnections=100", "Lets at most 100 clients in at once."),
            .init("hostelry site set blog --name journal", "Gives the site another name."),
        ], exitStatuses: changed)

    static let removeSite = Command(
        "remove", "host a site no longer",
        discussion: [
            "Takes the site out of the configuration, with the locations that are about it. Its content, its logs and its "
                + "pool stay as they are.",
            changingText,
        ],
        operands: [siteName], options: [yes] + changing, exitStatuses: changed)

    static let bindingText = Operand(
        .text("BINDING"),
        "As a visitor types it (http://www.example.com:8080) or as the configuration has it "
            + "(http/*:8080:www.example.com).")

    static let addBinding = Command(
        "add", "have a site answer to one more address", discussion: [changingText],
        operands: [siteName, bindingText], options: changing,
        examples: [
            .init("hostelry site binding add blog http://www.blog.example", "Gives a site one more host name.")
        ], exitStatuses: changed)

    static let removeBinding = Command(
        "remove", "have a site answer to an address no longer", discussion: [changingText],
        operands: [siteName, bindingText], options: changing, exitStatuses: changed)

    static let siteBinding = Command(
        "binding", "change what a site answers to", subcommands: [addBinding, removeBinding])
}
