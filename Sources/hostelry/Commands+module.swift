import Arguments

/// Installing the ASP.NET Core Module.
extension Commands {
    /// Set to 1, as IIS's hosting bundle takes it on its command line.
    static let checkOverride = "OPT_NO_SHARED_CONFIG_CHECK"

    static let uninstall = Option(
        "--uninstall",
        "Takes the entries out of the configuration again. Refused where a web.config would be wrong without them.")
    static let moduleVersion = Option("--version", "Shows the versions of the program and of the module.")

    static let installModule = Command(
        "install-module", "make the ASP.NET Core Module known to a configuration",
        discussion: [
            "Adds what is missing for applications of ASP.NET Core: the section system.webServer/aspNetCore, so that a "
                + "web.config may have it, and AspNetCoreModuleV2 in globalModules and modules. The schema of the section is "
                + "part of the program. No handler is added: that is in the web.config of each application. A "
                + "configuration that 'hostelry init' wrote has all of it, and so has one without configSections.",
            "A configuration in a shared folder is not changed there: the command prints the way that is documented, which is "
                + "to disable sharing, install, export, and enable it again. Where the folder lies on this machine, "
                + "\(checkOverride)=1 in the environment has it changed in place, for all servers that read it.",
            "What was done is written to the folder for temporary files, as dd_DotNetCoreWinSvrHosting__TIME_000_"
                + "AspNetCoreModule_x64.log (arm64 on such machines).",
            changingText,
        ],
        options: [uninstall, moduleVersion, yes] + changing,
        examples: [
            .init("hostelry install-module --dry-run", "Shows what would be added."),
            .init("hostelry install-module --yes", "Adds it without asking."),
        ], exitStatuses: changed)
}
