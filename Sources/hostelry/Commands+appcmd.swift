import AppCmd
import Arguments

extension Commands {
    static let appcmdWords = Operand(
        .text("WORD"), "A command line of appcmd, for example: list site /state:Stopped", isRequired: false,
        repeats: true)

    /// Its words are AppCmd's own matter (`AppCmdProgram`); what stands here is for help.
    static let appcmd = Command(
        AppCmd.name, "administer as with IIS's appcmd",
        discussion: [
            "Takes the command lines of IIS's appcmd and answers in its words, with its exit codes: sites, applications, "
                + "virtual directories, pools, sections, modules, worker processes, requests and backups. 'hostelry appcmd "
                + "/?' tells the objects, 'hostelry appcmd site /?' the commands of one. The program does the same under "
                + "the name appcmd.",
            "The configuration file is that of /apphostconfig:FILE, else of HOSTELRY_CONFIG; the state folder that of "
                + "/state:FOLDER, else of HOSTELRY_STATE. Changes go through the running server, else they are written "
                + "at once. With HOSTELRY_CRLF=1 lines end as on Windows.",
        ],
        operands: [appcmdWords],
        examples: [
            .init("hostelry appcmd list site", "Lists the sites and their states."),
            .init(
                "hostelry appcmd set apppool Main /queueLength:2000", "Changes a setting of a pool."),
        ],
        exitStatuses: [
            .init(0, "done"),
            .init(1, "nothing is found, or help was asked for"),
            .init(87, "the arguments make no sense"),
            .init(183, "there is such an object already"),
        ])
}
