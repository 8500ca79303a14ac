import Arguments

/// Who may administrate what, and the web.config files of those who may.
extension Commands {
    static let whoami = Command(
        "whoami", "show what you may do with a running server",
        discussion: [
            "Whoever owns the server, root and the administrators may do everything; whoever a site was given to "
                + "('hostelry site owner') manages that site."
        ],
        options: [state, json],
        exitStatuses: [
            .init(0, "you may do something"), .init(1, "you may do nothing, or no server runs"),
            .init(2, "the arguments make no sense"),
        ])

    static let ownedPlace = Operand(
        .text("PLACE"),
        "A site, or Site/app for the web.config files of that application alone. \"/\" is the whole server: its "
            + "administrators.")
    static let anyOwnedPlace = Operand(
        ownedPlace.kind, named: ownedPlace.name, "Only those of this one.", isRequired: false)
    static let ownerName = Operand(.text("USER"), "An account of this machine, or its number.")
    static let isGroup = Option("--group", "USER is a group: whoever is in it.")

    private static let ownership =
        "An owner sees the site with its requests and events, starts and stops it, recycles a pool that runs nobody else's "
        + "applications, and changes the site's web.config files ('hostelry edit SITE'). Accounts stand in "
        + "administration.config beside the configuration file, section system.webServer/management/authorization, as on IIS."

    static let addOwner = Command(
        "add", "let a user manage a site",
        discussion: [
            ownership,
            "Until a scope \"/\" names others, the members of the group hostelry-admin administrate the server, where the "
                + "machine has one. A group's members may once they have signed in anew.",
        ],
        operands: [ownedPlace, ownerName], options: [isGroup, comment, configuration, state],
        examples: [
            .init("hostelry site owner add blog alice", "Lets alice manage the site blog."),
            .init(
                "hostelry site owner add / web-team --group", "Makes the group's members administrators of the server."),
        ], exitStatuses: changed)

    static let removeOwner = Command(
        "remove", "let a user manage a site no longer",
        discussion: ["It holds at once, for connections that are open too."],
        operands: [ownedPlace, ownerName], options: [isGroup, comment, configuration, state], exitStatuses: changed)

    static let listOwners = Command(
        "list", "show who may manage what", operands: [anyOwnedPlace], options: [json, configuration, state],
        exitStatuses: answeredFromFile)

    static let siteOwner = Command(
        "owner", "say who manages a site", discussion: [ownership],
        subcommands: [addOwner, removeOwner, listOwners])

    static let editedPlace = Operand(
        .text("SITE"),
        "The site, or the application or folder in it (Site/app), whose web.config is edited. Without it, the server's file.",
        isRequired: false)
    static let toWebConfig = Option(
        "--web-config",
        "Writes to the web.config of the path instead, as the pool's user or as whoever owns the folder: what a site's owner "
            + "can do too.")
}
