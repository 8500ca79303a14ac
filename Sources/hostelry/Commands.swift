import Arguments
import Platform

/// The commands of `hostelry`, declared once: help, parsing and completion derive from here.
enum Commands {
    static let version = ProgramVersion.text

    /// What `--version` shows.
    static let versionText = "Hostelry \(version)\nASP.NET Core Module \(version), a part of it"

    static let configuration = Option(
        "--config", takes: .file, "The configuration file.",
        default:
            "what HOSTELRY_CONFIG names, else /etc/hostelry/applicationHost.config, or "
            + "~/.config/hostelry/applicationHost.config for an ordinary user")
    static let state = Option(
        "--state", takes: .folder, "The folder of the instance's state: lock, sockets, homes of the pools, logs.",
        default:
            "what HOSTELRY_STATE names, else /var/lib/hostelry, or ~/.local/state/hostelry for an ordinary user")
    static let log = Option(
        "--log", takes: .choice(["text", "json"]), "How events are written to standard error, one a line.",
        default: "text")

    static let allowLocalSystem = Option(
        "--allow-local-system",
        "Lets pools run as root where their identity is LocalSystem or the user root. Without it such a pool is "
            + "refused; whoever may change its applications would own the machine.")

    static let run = Command(
        "run", "host the sites of a configuration",
        discussion: [
            "Reads the configuration, opens the endpoints of its sites and serves them until SIGTERM or Ctrl-C. Requests "
                + "that are in work are then finished; a second signal ends at once.",
            "SIGHUP reads the configuration again. What differs is applied; a file that cannot be read changes nothing.",
            "A site or pool with mistakes is reported and answers 503; the others are served.",
        ],
        options: [configuration, state, log, allowLocalSystem],
        examples: [
            .init(
                "hostelry run --config Sites/applicationHost.config --state /tmp/hostelry",
                "Hosts the demonstration sites.")
        ],
        exitStatuses: [
            .init(0, "ended because it was asked to"), .init(1, "could not start, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let json = Option("--json", "Prints one JSON object instead of lines.")
    static let files = Operand(
        .file, "web.config files to check each by itself. Without any, the whole configuration is checked.",
        isRequired: false, repeats: true)

    static let check = Command(
        "check", "find what is wrong with a configuration",
        discussion: [
            "As root it also tells where a pool's user cannot reach the content.",
            "Of the .NET applications of its sites it tells those that no web.config hands requests to, and those whose "
                + "framework is not installed.",
            "Reads the configuration file and, as whoever calls, the web.config files of its sites. Every mistake is told "
                + "as FILE:LINE: error|warning: TEXT on standard output.",
        ],
        operands: [files], options: [configuration, state, json],
        examples: [
            .init("hostelry check", "Checks the server's configuration and all its sites."),
            .init(
                "hostelry check web.config", "Checks one file, as the root file of a site with IIS's defaults above it."
            ),
        ],
        exitStatuses: [
            .init(0, "nothing is wrong, or there are only warnings"), .init(1, "there are errors"),
            .init(2, "the arguments make no sense"),
        ])

    static let place = Operand(
        .text("PATH"), "A site, or an application or folder of one: Site/app/folder. \"/\" is the server itself.")
    static let section = Operand(.text("SECTION"), "For example system.webServer/defaultDocument.")
    static let provenance = Option("--provenance", "Says of each value which file and line it comes from.")

    static let show = Command(
        "show", "print a section as it holds at a path",
        discussion: [
            "Prints the effective section as XML: what the server's file, its locations and the web.config files on the "
                + "way say together, on top of the schema's defaults. Secrets are not shown."
        ],
        operands: [place, section], options: [configuration, state, provenance],
        examples: [
            .init(
                "hostelry config show \"Default Web Site\" system.webServer/defaultDocument --provenance",
                "Prints the default documents of a site and who decided on each.")
        ],
        exitStatuses: [
            .init(0, "printed"), .init(1, "the configuration cannot be read there, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let config = Command(
        "config", "look at the configuration, and change it",
        subcommands: [show, getConfiguration, setConfiguration, unsetConfiguration])

    static let folder = Operand(.folder, "The folder of the instance; made where it is missing.")
    static let port = Option(
        "--port", takes: .number(1...65535), "The port of the default site.", default: "80")

    static let initialize = Command(
        "init", "write an instance of one's own",
        discussion: [
            "Writes applicationHost.config with IIS's sections, modules, handlers and limits, a default site and a pool, and "
                + "folders for content, logs and state. A configuration that is there already is left alone."
        ],
        operands: [folder], options: [port],
        examples: [.init("hostelry init ~/sites --port 8080", "Makes an instance that an ordinary user can run.")],
        exitStatuses: [
            .init(0, "written"), .init(1, "not written, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let root = Command(
        "hostelry", "host web sites on Linux as IIS does on Windows",
        discussion: [
            "Sites, applications, virtual directories, bindings and application pools come from one applicationHost.config; "
                + "each application refines it with its own web.config."
        ],
        subcommands: [
            run, express, status, whoami, top, requests, events, reload, recycle, pool, site, app, upgrade, stop, check,
            explain,
            config, edit, history, backup, keys, export, importing, shared, sql, initialize, appcmd,
            installModule, webConfig, help, completion, man, logs, doctor, iisreset,
        ],
        groups: [
            .init("Begin", ["init", "run", "express", "check", "help"]),
            .init("Sites, applications and pools", ["site", "app", "pool"]),
            .init("Configuration", ["config", "edit", "web-config", "history", "backup", "explain", "install-module"]),
            .init(
                "The running server",
                [
                    "status", "top", "requests", "events", "logs", "metrics", "doctor", "reload", "recycle", "stop",
                    "upgrade", "whoami",
                ]),
            .init("Several servers", ["shared", "export", "import", "keys"]),
            .init("For people who know IIS", ["appcmd", "iisreset"]),
            .init("For programs and shells", ["sql", "completion", "man"]),
        ],
        examples: [
            .init("hostelry express --path ~/site", "Serves a folder until Ctrl-C; nothing needs to be configured."),
            .init("hostelry init ~/sites --port 8080", "Makes an instance of one's own, and says how to start it."),
            .init("hostelry site add blog --host blog.example --path /srv/blog", "Hosts a site on the server."),
            .init("hostelry explain http://blog.example/", "Says what a request would meet, and why."),
        ],
        exitStatuses: [
            .init(0, "done"), .init(1, "not done, for the reason on standard error"),
            .init(2, "the arguments make no sense"),
        ])
}
