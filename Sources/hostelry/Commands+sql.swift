import Arguments

/// Questions in SQL.
extension Commands {
    static let question = Operand(.text("SELECT"), "One statement of SQL that reads.")
    static let limit = Option(
        "--limit", takes: .number(1...1_000_000), "How many rows are shown at most.", default: "1000")
    static let timeout = Option(
        "--timeout", takes: .number(1...3600), "How many seconds the answer may take.", default: "10")
    static let format = Option(
        "--format", takes: .choice(["table", "json", "csv"]),
        "How the answer is printed. JSON is one object: columns (names), rows (arrays of values) and cut (rows, bytes or "
            + "null); CSV has a line of names first, and NULL is empty.", default: "table")

    static let sql = Command(
        "sql", "ask a question about what is configured and what happened",
        discussion: [
            "Answers a SELECT of SQLite's SQL over the views sites, bindings, applications, virtual_directories, pools, "
                + "sections, problems, quarantined, files and versions; over history.… where a server has kept history; and "
                + "with the function effective(path, section, attribute), for example effective('Shop/api', "
                + "'system.webServer/security/requestFiltering', 'requestLimits/maxAllowedContentLength').",
            "A server may run or not; it is not asked and not kept waiting, and nothing is written. Where no server has run "
                + "yet, the answer comes from the configuration file. Files of sites are read as whoever calls.",
        ],
        operands: [question], options: [limit, timeout, format, configuration, state],
        examples: [
            .init(
                "hostelry sql \"SELECT name FROM pools WHERE enable_32_bit\"", "Names the pools of 32 bits."),
            .init(
                "hostelry sql --format csv \"SELECT site, host, port FROM bindings ORDER BY host\"",
                "Lists what is bound, for a spreadsheet."),
        ],
        exitStatuses: [
            .init(0, "answered, perhaps up to the limit of rows, which is said"),
            .init(1, "not answered, for the reason that it tells"), .init(2, "the arguments make no sense"),
        ])
}
