import Arguments

/// The commands of `hostelry`, declared once: help, parsing and completion derive from here.
enum Commands {
    static let version = "0.1"

    static let configuration = Option(
        "--config", takes: .file, "The configuration file.",
        default:
            "/etc/hostelry/applicationHost.config, or ~/.config/hostelry/applicationHost.config for an ordinary user")
    static let state = Option(
        "--state", takes: .folder, "The folder of the instance's state: lock, sockets, homes of the pools, logs.",
        default: "/var/lib/hostelry, or ~/.local/state/hostelry for an ordinary user")
    static let log = Option(
        "--log", takes: .choice(["text", "json"]), "How events are written to standard error, one a line.",
        default: "text")

    static let run = Command(
        "run", "host the sites of a configuration",
        discussion: [
            "Reads the configuration, opens the endpoints of its sites and serves them until SIGTERM or Ctrl-C. Requests "
                + "that are in work are then finished; a second signal ends at once.",
            "SIGHUP reads the configuration again. What differs is applied; a file that cannot be read changes nothing.",
            "A site or pool with mistakes is reported and answers 503; the others are served.",
        ],
        options: [configuration, state, log],
        examples: [
            .init(
                "hostelry run --config Sites/applicationHost.config --state /tmp/hostelry",
                "Hosts the demonstration sites.")
        ],
        exitStatuses: [
            .init(0, "ended because it was asked to"), .init(1, "could not start, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let root = Command(
        "hostelry", "host web sites on Linux as IIS does on Windows",
        discussion: [
            "Sites, applications, virtual directories, bindings and application pools come from one applicationHost.config; "
                + "each application refines it with its own web.config."
        ],
        subcommands: [run])
}
