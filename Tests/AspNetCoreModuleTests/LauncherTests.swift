import TestSupport
import Testing

@testable import AspNetCoreModule

/// From a section and a folder of files to what is executed.
struct LauncherTests {
    let folder: TemporaryFolder
    let system: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        system = try TemporaryFolder()
        system.makeFolder("bin")
        for name in ["dotnet", "node", "python3", "java"] { try system.writeProgram("bin/\(name)") }
    }

    var place: ApplicationPlace {
        ApplicationPlace(siteName: "Shop", siteID: 7, path: "/", folder: folder.path, pool: "Pool")
    }

    func plan(
        _ processPath: String, _ arguments: String = "", dialect: BackendSettings.Dialect = .aspNetCore,
        worker: [(name: String, value: String)] = []
    ) throws -> LaunchPlan {
        var settings = BackendSettings(processPath: processPath)
        settings.arguments = arguments
        settings.dialect = dialect
        let launcher = Launcher(
            settings: settings, place: place, environment: [(name: "PATH", value: system["bin"])] + worker,
            dotNet: DotNetSearch(locationFile: system["install_location"], usualFolders: [system["usual"]]))
        return try launcher.plan(port: 5000, socketPath: "/run/app.socket", token: "token")
    }

    /// The text of the failure that a plan ends in.
    func failure(_ processPath: String, _ arguments: String = "") throws -> String? {
        do {
            _ = try plan(processPath, arguments)
            return nil
        } catch let failure as LaunchFailure {
            return failure.text
        }
    }

    var dotNet: String { system["bin/dotnet"] }

    @Test func dotNetRunsTheLibraryOfThePublishedFolder() throws {
        try folder.write("App.dll", ProgramFiles.assembly())
        let plan = try plan("dotnet", #".\App.dll"#)
        #expect(plan.executable == dotNet)
        #expect(plan.arguments == [dotNet, folder["App.dll"]])
        #expect(plan.directory == folder.path)
        #expect(plan.commandLine == #"dotnet .\App.dll"#)
        #expect(plan.port == 5000)
        #expect(plan.token == "token")
        #expect(plan.socketPath == nil)
    }

    @Test func aProgramOfTheFolderIsRun() throws {
        try folder.writeProgram("App")
        #expect(try plan(#".\App"#, "a b").arguments == [folder["App"], "a", "b"])
        #expect(try plan("./App").arguments == [folder["App"]])
        #expect(try plan("App").arguments == [folder["App"]])
        #expect(try plan(folder["App"]).arguments == [folder["App"]])
        #expect(try plan(#".\APP"#).arguments == [folder["App"]])
    }
}
