import Administration
import Arguments

/// Applications that `dotnet publish` made.
extension Commands {
    static let publishedFolder = Operand(
        .folder, named: "FOLDER", "The folder that the application was published into.")
    static let hostingModel = Option(
        "--hosting-model", takes: .choice(PublishedWebConfig.HostingModel.allCases.map(\.rawValue)),
        "What the file says of hostingModel. Here an application always runs in a process of its own; with inprocess it shares "
            + "its pool with no other of ASP.NET Core, as on IIS.",
        default: "inprocess, as the SDK writes; outofprocess for a single-file program")
    static let publishedName = Option(
        "--application", takes: .text("NAME"),
        "Which one, where the folder holds several: the name of its .dll without the ending, or of a single-file program."
    )
    static let overwriting = Option("--force", "Writes over a web.config that is there.")

    static let webConfig = Command(
        "web-config", "write the web.config of a published .NET application",
        discussion: [
            "The .NET SDK writes no web.config when it publishes for Linux, and without one nothing hands requests to the "
                + "application. This writes what the SDK writes for Windows: a handler for every request, and the program to "
                + "start. The application is found by its *.runtimeconfig.json, or as a single-file program.",
            "A web.config that is there is left as it is. What the application would run on here, or what is missing, is told; "
                + "the file is written all the same.",
            "'hostelry express --path FOLDER' runs such a folder without a web.config.",
        ],
        operands: [publishedFolder], options: [hostingModel, publishedName, overwriting],
        examples: [
            .init("hostelry web-config /srv/shop", "Writes /srv/shop/web.config."),
            .init(
                "hostelry web-config . --hosting-model outofprocess", "Lets other applications run in the same pool."),
        ],
        exitStatuses: [
            .init(0, "written"), .init(1, "not written, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])
}
