import Arguments

/// Application pools: what is configured. Starting, stopping and recycling them is said to a running server.
extension Commands {
    static let newPoolName = Operand(.text("NAME"), "The new pool's name.")

    static let addPool = Command(
        "add", "make an application pool",
        discussion: [
            "Without settings the pool runs as a user of its own (ApplicationPoolIdentity), with the limits of "
                + "applicationPoolDefaults.", changingText,
        ],
        operands: [newPoolName, settings], options: changing,
        examples: [
            .init("hostelry pool add blog", "Makes a pool that sites can be moved to."),
            .init(
                "hostelry pool add blog startMode=AlwaysRunning processModel.idleTimeout=00:00:00",
                "Makes one whose worker runs all the time."),
        ], exitStatuses: changed)

    static let poolsJSON = Option(
        "--json",
        "Prints one JSON object: pools, an array of name, state (null where no server runs), identity and applications. "
            + "Members may be added later, none is taken away.")
    static let poolJSON = Option(
        "--json",
        "Prints the object that 'hostelry pool list --json' has of the pool, with settings: what is written of it, an array "
            + "as 'hostelry config get --json' has in values.")

    static let listPools = Command(
        "list", "list the application pools",
        discussion: ["Shows the pools of the configuration and who runs in them. The state is a running server's."],
        options: [poolsJSON, configuration, state], exitStatuses: answeredFromFile)

    static let showPool = Command(
        "show", "show a pool and what is written of it", operands: [poolName],
        options: [poolJSON, configuration, state], exitStatuses: answeredFromFile)

    static let otherPoolName = Option("--name", takes: .text("NAME"), "Another name.")

    static let setPool = Command(
        "set", "change an application pool",
        discussion: [
            "With another name, the applications that run in the pool name it by that in the same step. The pool's user "
                + "belongs to its name: a renamed pool runs as another one, which has to be given what the old one was "
                + "('hostelry pool grant').", changingText,
        ],
        operands: [poolName, settings], options: [otherPoolName] + changing,
        examples: [
            .init("hostelry pool set blog --name journal", "Gives the pool another name."),
            .init(
                "hostelry pool set blog recycling.periodicRestart.privateMemory=1048576",
                "Replaces the worker when it has more than 1 GB of its own."),
        ], exitStatuses: changed)

    static let removePool = Command(
        "remove", "take an application pool away",
        discussion: [
            "A pool that applications run in is not taken away; they are named. The pool's number as a user stays its own.",
            changingText,
        ],
        operands: [poolName], options: [yes] + changing, exitStatuses: changed)

    static let requiredSettings = Operand(
        settings.kind, named: settings.name, settings.summary, isRequired: true, repeats: true)
}
