import Arguments

/// What is wrong on this server; and `iisreset`.
extension Commands {
    static let doctorSite = Operand(
        .text("SITE"), named: "SITE", "Looks at this site, its pools and its folders alone.", isRequired: false)
    static let doctorJSON = Option(
        "--json",
        "Prints one JSON object: errors and warnings (counts), findings (check, severity: error, warning or note, object, text, "
            + "commands: an array of lines for a shell), notLookedAt (what, why). Members and checks may be added later, none "
            + "is taken away.")

    static let doctor = Command(
        "doctor", "find what is wrong on this server, and what to type about it",
        discussion: [
            "Looks at the configuration, ports, folders, pools, limits, logs and disks, and tells what is wrong with the exact "
                + "commands that do something about it. Nothing is changed. It works with a running server and without one, and "
                + "as an ordinary user, who is told what could not be looked at.",
            "A file system that does not answer is told and keeps nothing else from being looked at. Documentation/doctor.md has "
                + "each check.",
        ],
        operands: [doctorSite], options: [doctorJSON, configuration, state],
        examples: [
            .init("hostelry doctor", "Tells what is wrong on this machine's server."),
            .init("hostelry doctor blog", "Tells what is wrong with a site."),
            .init(
                "hostelry doctor --json | jq -r '.findings[].commands[]'", "Lists the commands that would repair it."),
        ],
        exitStatuses: [
            .init(0, "nothing is wrong"), .init(1, "something is wrong, or nothing could be looked at"),
            .init(2, "the arguments make no sense"),
        ])

    static let iisresetWords = Operand(
        .text("OPTION"), "/restart (without any), /start, /stop, /status, /noforce, /timeout:SECONDS, or /? for help.",
        isRequired: false, repeats: true)

    /// Its words are `IISReset`'s own matter; what stands here is for help.
    static let iisreset = Command(
        "iisreset", "stop and start the server as with IIS's iisreset",
        discussion: [
            "Without options it restarts: the server takes no more connections, finishes the requests it has for 20 seconds, ends, "
                + "and is started again as it was started before: by systemd where it runs as a service, else in the background. "
                + "The configuration is read first; where it makes no sense nothing is stopped. The program does the same under "
                + "the name iisreset.",
            "'hostelry recycle' and 'hostelry reload' renew a pool and the configuration without failing a request, and "
                + "'hostelry upgrade' takes over new programs.",
        ],
        operands: [iisresetWords], options: [configuration, state],
        examples: [
            .init("hostelry iisreset", "Restarts the server."),
            .init("hostelry iisreset /stop /noforce /timeout:120", "Stops it, and waits two minutes for its requests."),
        ],
        exitStatuses: [
            .init(0, "done"), .init(1, "not done, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])
}
