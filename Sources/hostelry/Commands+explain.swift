import Arguments

/// What a request would meet, and what requests meet now.
extension Commands {
    static let url = Operand(
        .text("URL"),
        "http://host:port/path?query. Without a scheme it is http, without a host (/path) localhost.")
    static let host = Option("--host", takes: .text("H"), "The Host field, where it is another than the URL's host.")
    static let verb = Option("--verb", takes: .text("V"), "The request's verb.", default: "GET")
    static let address = Option(
        "--address", takes: .text("IP"), "The server's address at which the request arrives.",
        default: "the URL's host where it is an address, else 127.0.0.1")
    static let explainJSON = Option(
        "--json",
        "Prints one JSON object: verb, url, answer (status, null where the request gets none, subStatus, text, detail, "
            + "module, stage, decidedBy), site, binding, application, pool, virtualDirectory (each null or name, detail, "
            + "sources), physicalPath, files, handlers, passedOver, modules (stage, module, outcome, path, source), "
            + "warnings. Members may be added later, none is taken away.")

    static let explain = Command(
        "explain", "say what a request would meet, and which file and line says so",
        discussion: [
            "Follows a request through the configuration as the router and a worker would: which binding takes it and before "
                + "which others, the site, application, pool, virtual directory and file, the web.config files that are "
                + "read, the handler, the handlers that were passed over, each module it meets, and the answer: status and "
                + "sub-status, who gives it at which stage, and where the sections stand that this module reads.",
            "No server is needed and nothing is changed. The request comes from this machine and nobody is logged on. Modules "
                + "that only read are run; of one that would do more (an application, compression) it is said that it would.",
            "Files are read as whoever calls; the pool's user may be allowed to read less.",
        ],
        operands: [url], options: [host, verb, address, configuration, state, explainJSON],
        examples: [
            .init(
                "hostelry explain http://www.example.com/bin/tool.dll",
                "Says who refuses it, and which lines have to change."),
            .init("hostelry explain /shop/ --host shop.example.com", "Asks for a path of a host."),
        ],
        exitStatuses: [
            .init(0, "the request is answered with a status below 400"),
            .init(1, "it is refused, or the configuration cannot be read"), .init(2, "the arguments make no sense"),
        ])

    static let requestsJSON = Option(
        "--json",
        "Prints one JSON object: requests, an array of site, pool, worker, verb, url, client, stage, module and "
            + "milliseconds. Members may be added later, none is taken away.")

    static let requests = Command(
        "requests", "show the requests that workers have in work",
        discussion: [
            "Shows of each request that waits for a module, for an application or for its client to take the answer: its site, "
                + "URL and client, the stage and module that it is in, and since when. The longest come first, at most 1000 of "
                + "each worker. What is answered at once is never seen here."
        ],
        options: [requestsOfSite, requestsOfPool, slow, requestsJSON, state],
        examples: [
            .init("hostelry requests", "Shows what the server's workers do."),
            .init("hostelry requests --site shop --slow 1s", "Shows which requests of a site take a second or more."),
        ],
        exitStatuses: [
            .init(0, "a server runs"), .init(1, "no server runs, or it cannot be asked"),
            .init(2, "the arguments make no sense"),
        ])
}
