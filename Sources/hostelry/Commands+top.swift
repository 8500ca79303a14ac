import Arguments

/// What a running server does now.
extension Commands {
    static let requestsOfSite = Option("--site", takes: .text("S"), "Only requests of the site.", default: "all")
    static let requestsOfPool = Option(
        "--pool", takes: .text("P"), "Only requests of the application pool.", default: "all")
    static let slow = Option(
        "--slow", takes: .text("TIME"), "Only requests that have been in work for so long: 250ms, 1s, 2min.",
        default: "0s, all")

    static let interval = Option(
        "--interval", takes: .number(1...3600), "So many seconds between two looks at the server.", default: "1")
    static let once = Option(
        "--once", "Prints one table of sites and one of pools, for the interval that begins now, and ends.")
    static let topJSON = Option(
        "--json",
        "As --once, and prints one JSON object: interval (seconds), version, connections, counted (whether the router says "
            + "what it counts), all, sites and pools. Of each: requestsPerSecond, clientErrorsPerSecond (4xx), "
            + "serverErrorsPerSecond (5xx), unansweredPerSecond, receivedPerSecond and sentPerSecond (bytes), p50, p95 and "
            + "p99 (milliseconds, null without an answer). Of sites and pools also name, requests (since the router began), "
            + "memory (private bytes), recycled and crashed; of pools state, queued, inWork and uptime (seconds). Members may "
            + "be added later, none is taken away.")

    static let top = Command(
        "top", "watch what sites and pools do",
        discussion: [
            "Shows by site, or by application pool, requests a second, how long they took (so many percent of the answers took "
                + "no longer than P50, P95 and P99), errors and bytes a second, memory, what waits, and how often workers "
                + "were replaced. The router counts every answer, also those out of its cache and those that it refuses.",
            "Keys: ↑ ↓ or j k choose a row, Enter shows the requests that it has in work, p changes between sites and pools, "
                + "s or a digit sorts, / filters by name, ? tells the others, q ends. While the server is away the last look "
                + "stays, and it goes on when the server is back.",
            "Where standard output is no terminal it prints one look, as with --once.",
        ],
        options: [interval, once, topJSON, state],
        examples: [
            .init("hostelry top", "Watches the server of the machine."),
            .init(
                "hostelry top --json --interval 10 | jq '.sites[] | select(.serverErrorsPerSecond > 0)'",
                "Lists the sites that answered with errors within ten seconds."),
        ],
        exitStatuses: [
            .init(0, "ended by a key, or printed"), .init(1, "no server runs, or it cannot be asked"),
            .init(2, "the arguments make no sense"), .init(143, "ended by a signal: 128 and its number"),
        ])
}
