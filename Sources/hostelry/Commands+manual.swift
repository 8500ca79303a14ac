import Arguments

/// What the man pages say beside the table.
extension Commands {
    static let manual = Manual(
        root, version: "Hostelry \(version)",
        files: [
            .init(
                "/etc/hostelry/applicationHost.config",
                "The configuration: sites, pools and what holds for all of them. Of an ordinary user "
                    + "~/.config/hostelry/applicationHost.config.", with: configuration),
            .init(
                "/etc/hostelry/redirection.config",
                "Says whether a shared folder's configuration is served in its place.", with: configuration),
            .init(
                "/etc/hostelry/schema/*.xml", "Descriptions of sections that the program does not know by itself.",
                with: configuration),
            .init(
                "/var/lib/hostelry",
                "The state: sockets, keys, history, events, logs, users and homes of pools. Of an ordinary user "
                    + "~/.local/state/hostelry.", with: state),
            .init("web.config", "What an application says of itself, in its folder and the folders below."),
        ],
        environment: [
            .init(
                "XDG_CONFIG_HOME", "Where an ordinary user's configuration lies, in place of ~/.config.",
                with: configuration),
            .init(
                "XDG_STATE_HOME", "Where an ordinary user's state lies, in place of ~/.local/state.", with: state),
            .init("NO_COLOR", "Where it is set to something, nothing is coloured."),
            .init("VISUAL, EDITOR", "The editor that 'hostelry edit' opens.", of: edit),
            .init(
                "HOSTELRY_CONFIG, HOSTELRY_STATE", "The configuration file and the state folder.", of: appcmd),
            .init("HOSTELRY_CRLF", "With the value 1, lines end as on Windows.", of: appcmd),
            .init("TMPDIR", "Where the log of the installation is written, in place of /tmp.", of: installModule),
            .init(
                checkOverride,
                "With the value 1, a shared configuration on this machine is changed in its folder.",
                of: installModule),
        ])
}
