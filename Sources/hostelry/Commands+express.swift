import Arguments

/// A server for one folder or one site, as long as the command runs.
extension Commands {
    static let expressPath = Option(
        "--path", takes: .folder, "Serves this folder, with its web.config, on this machine's own addresses.")
    static let expressPort = Option(
        "--port", takes: .number(1...65535), "The port, with --path.", default: "8080, or where that is taken any other"
    )
    static let expressConfiguration = Option(
        "--config", takes: .file, "Serves sites of this configuration file.",
        default:
            ".vs/config/applicationhost.config, .vs/*/config/applicationhost.config, or the user's own "
            + "~/.config/hostelry/applicationHost.config: the first that is there")
    static let expressSite = Option("--site", takes: .text("NAME"), "Serves only this site of the configuration.")
    static let expressSiteID = Option(
        "--siteid", takes: .number(1...4_294_967_295), "Serves only the site with this id.")
    static let expressPool = Option(
        "--apppool", takes: .text("NAME"), "Serves only the sites of this application pool.")
    static let trace = Option(
        "--trace",
        "Prints each request when it is answered: time, status and sub-status, how long it took, verb, URL, and the module "
            + "that answered or refused it, with the stage where it did. What the router refuses by itself (a malformed "
            + "request, an unknown host name) is not seen. Nothing is answered from the response cache meanwhile.")

    static let express = Command(
        "express", "serve one folder or site for as long as the command runs",
        discussion: [
            "Serves a folder as it would be served as the root of a site: with its web.config files, the same modules, in "
                + "the same processes. No configuration file is needed, none is written, and nothing is left behind.",
            "A folder without a web.config that holds a published .NET application is answered by it, and what is started is "
                + "printed. Beside a default document a single-file program is a file like others. As root no program is "
                + "started from a folder that another user owns or may write, where a folder above it or a file in it "
                + "counts too; what lies in folders below it and in access control lists is not looked at.",
            "The address is printed when it can be asked. Ctrl-C ends: requests in work are finished first, a second Ctrl-C "
                + "does not wait. Changes of web.config files are seen at once, with --config those of the file too.",
            "Everything runs as the user who calls, whatever identity a pool has, and so several can run side by side. HOME of "
                + "the programs is a folder that is removed at the end, with what they keep there: after the next start nobody "
                + "is logged in any more. With "
                + "--path only programs on this machine can connect; with --config the sites' bindings decide.",
            "Mistakes in the configuration and trouble are told on standard error.",
        ],
        options: [
            expressPath, expressPort, expressConfiguration, expressSite, expressSiteID, expressPool, trace,
        ],
        examples: [
            .init("hostelry express --path .", "Serves the current folder and prints the address."),
            .init("hostelry express --path ~/shop --port 9000 --trace", "Shows what happens to each request."),
            .init("hostelry express --site Shop", "Serves one site of the configuration in .vs or the user's own."),
        ],
        exitStatuses: [
            .init(0, "ended because it was asked to"),
            .init(1, "could not start, for the reason that it tells"), .init(2, "the arguments make no sense"),
        ])
}
