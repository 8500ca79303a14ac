import Arguments

/// What is said to a running server.
extension Commands {
    private static let answered: [Command.ExitStatus] = [
        .init(0, "done"), .init(1, "not done, for the reason that it tells: no server runs, or it refuses"),
        .init(2, "the arguments make no sense"),
    ]

    static let statusJSON = Option(
        "--json",
        "Prints one JSON object: server (pid, version, state, uptime in seconds, memory in private bytes, configuration, "
            + "stateFolder), router (pid, state, connections, memory, uptime), sites (id, name, state, reasons, bindings "
            + "with protocol, information, endpoint, failure), pools (name, state, identity, reasons, workers with id, pid, "
            + "state, requests, inWork, memory, uptime). null is what is not known. Members may be added later, none is "
            + "taken away.")

    static let status = Command(
        "status", "show what a running server does",
        discussion: [
            "Shows the server's process, its router, every site with its bindings, and every pool with its workers: how many "
                + "requests each has served and has in work, its private memory, and how long it has run.",
            "Below a site that is not served as it should be stands why: the mistake with its file and line, or the binding "
                + "that cannot be opened. Only the server's user and root may ask.",
        ],
        options: [state, statusJSON],
        examples: [
            .init("hostelry status", "Shows the server of the machine."),
            .init(
                "hostelry status --json | jq '.sites[] | select(.state != \"started\")'",
                "Lists the sites that are not served."),
        ],
        exitStatuses: [.init(0, "a server runs")] + answered.dropFirst())

    static let follow = Option("--follow", "Goes on with what happens, until the server ends or Ctrl-C.")
    static let since = Option(
        "--since", takes: .number(0...Int.max), "Only events behind the one with this number (`sequence` in JSON).",
        default: "0, all that are kept")
    static let level = Option(
        "--level", takes: .choice(["information", "warning", "error"]), "Only events that matter at least that much.",
        default: "information")
    static let eventsSite = Option(
        "--site", takes: .text("NAME"), "Only events of the site: its own, and those of its applications.")
    static let eventsSource = Option(
        "--source", takes: .choice(["server", "aspnetcore"]),
        "Only events whose numbers are the server's own, or the ASP.NET Core Module's (IIS AspNetCore Module V2).",
        default: "both")
    static let eventsJSON = Option(
        "--json",
        "Prints one JSON object a line: sequence (a number that is one event's for good), time (UTC), level, id, event "
            + "(the id as a word), source (where the id is not the server's own), object, text, fields.")

    static let events = Command(
        "events", "show what happened",
        discussion: [
            "Prints the events that are kept under STATE/events, the oldest first: some 32 MB of them. They can be read "
                + "when no server runs, too.",
            "What the server cannot write there, because the disk is full, is not kept; the next event that can be written "
                + "says how many are missing, and gaps in the numbers say where.",
        ],
        options: [follow, eventsJSON, since, level, eventsSite, eventsSource, state],
        examples: [
            .init("hostelry events --level error", "Shows what went wrong."),
            .init("hostelry events --site Shop --source aspnetcore", "Shows what happened to the site's applications."),
            .init("hostelry events --follow --since 2718 --json", "Goes on where a program left off."),
        ], exitStatuses: answered)

    static let reload = Command(
        "reload", "have a running server read its configuration again",
        discussion: [
            "Does what SIGHUP does: reads the configuration file, opens logs anew, and applies what differs. Returns when it "
                + "is in force. Mistakes are told as 'hostelry check' tells them; sites and pools that have none are served.",
            "A file that cannot be read, or is no configuration, is rejected: what was read last stays in force.",
        ],
        options: [state],
        exitStatuses: [
            .init(0, "in force"), .init(1, "rejected, or no server runs"), .init(2, "the arguments make no sense"),
        ])

    static let upgrade = Command(
        "upgrade", "let the version on disk take over",
        discussion: [
            "After new programs were installed: the running master becomes the new one, takes over the router and the workers "
                + "as they are, and replaces them one by one. No request fails, and the process id stays. SIGUSR2 does the same.",
            "First the new program is tried and the configuration is read; where either fails, everything goes on as it was.",
        ],
        options: [state],
        exitStatuses: [
            .init(0, "the new version has taken over"), .init(1, "refused, or no server runs"),
            .init(2, "the arguments make no sense"),
        ])

    static let poolName = Operand(.text("POOL"), "The application pool's name.")
    static let siteName = Operand(.text("SITE"), "The site's name.")

    static let recycle = Command(
        "recycle", "replace the worker of an application pool",
        discussion: [
            "Starts a new worker; when it is ready it takes the requests, and the old one ends when those that it has are "
                + "answered. No request fails. A pool without a worker stays as it is."
        ],
        operands: [poolName], options: [state],
        examples: [.init("hostelry recycle DefaultAppPool", "Replaces the worker of the default pool.")],
        exitStatuses: answered)

    static let startPool = Command(
        "start", "start an application pool",
        discussion: [
            "A pool that was stopped, or that rapid-fail protection stopped, takes requests again; its worker starts with "
                + "the first one, or at once where startMode is AlwaysRunning."
        ],
        operands: [poolName], options: [state], exitStatuses: answered)

    static let stopPool = Command(
        "stop", "stop an application pool",
        discussion: [
            "Its worker ends when the requests that it has are answered; new ones are answered 503. The configuration is not "
                + "changed: a pool whose autoStart is true is started again with the server."
        ],
        operands: [poolName], options: [state], exitStatuses: answered)

    static let pool = Command(
        "pool", "look after application pools",
        subcommands: [
            addPool, listPools, showPool, setPool, removePool, startPool, stopPool, recycle, poolUser,
            poolGrant,
        ])

    static let startSite = Command(
        "start", "start a site",
        discussion: ["The site takes requests, whatever serverAutoStart says; the configuration is not changed."],
        operands: [siteName], options: [state], exitStatuses: answered)

    static let stopSite = Command(
        "stop", "stop a site",
        discussion: [
            "The site takes no more requests: its bindings are as if they were not there, and requests that it has are "
                + "answered. The configuration is not changed: a site whose serverAutoStart is true is started again with "
                + "the server."
        ],
        operands: [siteName], options: [state], exitStatuses: answered)

    static let site = Command(
        "site", "look after sites",
        subcommands: [addSite, listSites, showSite, setSite, siteBinding, removeSite, startSite, stopSite, siteOwner])

    static let now = Option("--now", "Ends at once: requests in work fail.")

    static let stop = Command(
        "stop", "end a running server",
        discussion: [
            "Has the server take no more connections and finish the requests in work, within the shutdownTimeLimit of their "
                + "pools. Returns when everything has ended."
        ],
        options: [now, state],
        exitStatuses: [
            .init(0, "ended"), .init(1, "no server runs, or it cannot be asked"),
            .init(2, "the arguments make no sense"),
        ])
}
