import Arguments

/// A site's access log.
extension Commands {
    static let logFollow = Option(
        "--follow", "Goes on with what is written, also in the next files, until Ctrl-C.")
    static let logLines = Option(
        "--lines", takes: .number(0...1_000_000), "So many of the last lines.",
        default: "20; with --since all of them")
    static let logSince = Option(
        "--since", takes: .text("TIME"),
        "Only lines since then: so long ago (90s, 15m, 1h, 2d), or a moment of UTC (2026-11-28 or 2026-11-28T15:04).")
    static let logStatus = Option(
        "--status", takes: .text("STATUS"),
        "Only answers of that status: 404, 404.3 or 5xx; said several times, any of them.",
        repeats: true)
    static let logURL = Option(
        "--url", takes: .text("PREFIX"), "Only requests whose path begins so, in any case of letters.")
    static let logSlow = Option("--slow", takes: .text("TIME"), "Only requests that took so long at least: 250ms, 1s.")
    static let logW3C = Option(
        "--w3c", "Prints the lines as they stand in the file, with a line #Fields wherever the fields change.")
    static let logJSON = Option(
        "--json",
        "Prints one JSON object a line: the log's fields by their W3C names (date, time, cs-method, cs-uri-stem, sc-status, "
            + "time-taken and so on). Status, bytes, port and time-taken are numbers, null is what the log has as -.")

    static let logs = Command(
        "logs", "show a site's access log",
        discussion: [
            "Prints the last requests of a site: when (UTC), status and sub-status, how long it took, verb, URL and client. What "
                + "is not logged is -. The log's folder and files are found by the configuration; no server is needed.",
            "Files are read from their ends, whatever their size. With --status, --url or --slow the last 256 MB are looked "
                + "through, with --since all that was written since then. Bytes that are no UTF-8 and what would steer a "
                + "terminal are shown as \\xff and \\u001b.",
            "The server writes a log once a second.",
        ],
        operands: [siteName],
        options: [
            logFollow, logLines, logSince, logStatus, logURL, logSlow, logW3C, logJSON, configuration, state,
        ],
        examples: [
            .init("hostelry logs blog --follow", "Shows requests as they come."),
            .init("hostelry logs blog --since 1h --status 5xx", "Shows what failed in the last hour."),
            .init("hostelry logs blog --slow 1s --url /api --lines 100", "Shows the last hundred that were slow."),
        ],
        exitStatuses: [
            .init(0, "shown"), .init(1, "the site has no log, or it cannot be read, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])
}
