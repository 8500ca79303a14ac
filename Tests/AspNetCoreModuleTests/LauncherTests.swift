import Configuration
import HostModel
import Platform
import Programs
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
            system: system.path)
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

    // MARK: Windows' shapes

    private func publish(_ name: String, model: String = "frameworks", version: String = "10.0.0") throws {
        try folder.write("\(name).dll", ProgramFiles.assembly())
        let list = #"[{"name":"Microsoft.AspNetCore.App","version":"\#(version)"}]"#
        try folder.write("\(name).runtimeconfig.json", #"{"runtimeOptions":{"tfm":"net10.0","\#(model)":\#(list)}}"#)
    }

    @Test func aWindowsProgramIsAnsweredByTheLibraryBesideIt() throws {
        try publish("My.App")
        try folder.write("My.App.exe", ProgramFiles.windows)
        let plan = try plan(#".\my.app.EXE"#, "--urls x")
        #expect(plan.arguments == [dotNet, folder["My.App.dll"], "--urls", "x"])
        #expect(plan.commandLine == "\(dotNet) \(folder["My.App.dll"]) --urls x")
    }

    @Test func aProgramNamedExeIsAnsweredByTheOneWithoutTheEnding() throws {
        try folder.writeProgram("App")
        #expect(try plan(#".\App.exe"#).executable == folder["App"])
        #expect(try plan(#".\APP.EXE"#).executable == folder["App"])
        #expect(try plan("App.exe").executable == folder["App"])
    }

    @Test func aProgramThatIsNotThereIsAnsweredByItsLibrary() throws {
        try publish("Shop.Api")
        for path in [#".\Shop.Api.exe"#, #".\Shop.Api"#, "Shop.Api.dll", #".\shop.api.dll"#] {
            #expect(try plan(path).arguments == [dotNet, folder["Shop.Api.dll"]])
        }
    }

    @Test func aProgramOfNETIsToldWhereItsRuntimeIs() throws {
        try publish("App")
        try folder.writeProgram("App")
        let environment = try plan(#".\App"#).environment
        #expect(environment.first { $0.name == "DOTNET_ROOT" }?.value == system["bin"])
        // One that somebody names comes before the search path, and is what the program finds by itself.
        for name in ["own", "own/net"] { system.makeFolder(name) }
        try system.writeProgram("own/net/dotnet")
        let own = try plan(#".\App"#, worker: [("DOTNET_ROOT", system["own/net"])])
        #expect(own.environment.filter { $0.name.hasPrefix("DOTNET_ROOT") }.map(\.value) == [system["own/net"]])
        #expect(
            try plan("dotnet", "App.dll", worker: [("DOTNET_ROOT", system["own/net"])]).executable
                == system["own/net/dotnet"])
        // Where there is none, the program would not go on looking.
        let wrong = try plan(#".\App"#, worker: [("DOTNET_ROOT", "/nowhere")]).environment
        #expect(wrong.filter { $0.name == "DOTNET_ROOT" }.map(\.value) == [system["bin"]])
        try folder.writeProgram("Go")
        #expect(try !plan(#".\Go"#).environment.contains { $0.name == "DOTNET_ROOT" })
    }

    @Test func aProgramOfNETThatLostItsModeRunsByItsLibrary() throws {
        try publish("App")
        try folder.write("App", ProgramFiles.elf())
        #expect(try plan(#".\App"#).arguments == [dotNet, folder["App.dll"]])
    }

    @Test(
        "StartsWithDotnetLocationWithoutExe, StartsWithDotnetLocationUppercase, StartsWithDotnetOnThePath, EndWith_dotnet",
        arguments: [
            "dotnet", "dotnet.exe", "DotNet.EXE", #"C:\Program Files\dotnet\dotnet.exe"#,
            #"%ProgramFiles%\dotnet\dotnet.exe"#, #""C:\Program Files\dotnet\dotnet""#, "FOLDER/bin/dotnet",
            "FOLDER/BIN/DOTNET", "FOLDER/bin/dotnet.exe",
        ])
    func dotNetShapes(shape: String) throws {
        try publish("App")
        let plan = try plan(shape.replacing("FOLDER", with: system.path), "App.dll")
        #expect(plan.arguments == [dotNet, folder["App.dll"]])
    }

    @Test("StartsWithDotnetInstallLocation: where the package said")
    func dotNetByItsInstallLocation() throws {
        try publish("App")
        for name in ["etc", "etc/dotnet", "opt", "opt/net"] { system.makeFolder(name) }
        system.rename("bin/dotnet", to: "opt/net/dotnet")
        try system.write("etc/dotnet/install_location", "\(system["opt/net"])\n")
        #expect(try plan("dotnet", "App.dll").executable == system["opt/net/dotnet"])
        #expect(
            try plan("dotnet", "App.dll", worker: [("DOTNET_ROOT", "/nowhere")]).executable == system["opt/net/dotnet"])
    }

    @Test func programsOfTheSystemAreFoundByTheirNames() throws {
        let node = system["bin/node"]
        #expect(try plan("node", "server.js", dialect: .httpPlatform).arguments == [node, "server.js"])
        #expect(try plan("node.exe", "server.js").arguments == [node, "server.js"])
        #expect(try plan(#"C:\Program Files\nodejs\node.exe"#).executable == node)
        #expect(try plan(#"%JAVA_HOME%\bin\java.exe"#).executable == system["bin/java"])
        #expect(try plan(#"D:\home\python364x64\python.exe"#).executable == system["bin/python3"])
        #expect(try plan("python").executable == system["bin/python3"])
        // The application's own comes first.
        try folder.writeProgram("node")
        #expect(try plan("node").executable == folder["node"])
    }

    @Test func scriptsAreRunByTheirFirstLine() throws {
        try folder.writeProgram("run.sh", Array("#!/bin/sh\nexec true\n".utf8))
        #expect(try plan(#".\run.sh"#, "a").arguments == [folder["run.sh"], "a"])
    }

    // MARK: Arguments

    @Test(
        "StartsWithWebConfigVariationsPortable",
        arguments: [
            (#"bin\App.dll"#, ["bin/App.dll"]), (#"sub dir\App.dll"#, ["sub dir/App.dll"]),
            (#""sub dir\App.dll""#, ["sub dir/App.dll"]), (#"exec "sub dir\App.dll""#, ["exec", "sub dir/App.dll"]),
            (#"bin\App.dll extra arguments"#, ["bin/App.dll", "extra", "arguments"]),
            (#""sub dir/App.dll" extra "ar gu""#, ["sub dir/App.dll", "extra", "ar gu"]),
            (#".\BIN\app.DLL"#, ["bin/App.dll"]), (#"  bin\App.dll  --x="a b" "#, ["bin/App.dll", "--x=a b"]),
        ] as [(String, [String])])
    func variationsOfPortableApplications(text: String, words: [String]) throws {
        for name in ["bin", "sub dir"] {
            folder.makeFolder(name)
            try folder.write("\(name)/App.dll", ProgramFiles.assembly())
        }
        let expected = words.map { $0.hasSuffix(".dll") ? folder[$0] : $0 }
        #expect(try plan("dotnet", text).arguments == [dotNet] + expected)
    }

    @Test("StartsWithWebConfigVariationsStandalone")
    func variationsOfStandaloneApplications() throws {
        folder.makeFolder("sub dir")
        try folder.writeProgram("sub dir/App")
        let program = folder["sub dir/App"]
        #expect(try plan(#"sub dir\App.exe"#).arguments == [program])
        #expect(try plan(#".\sub dir\App"#, #"extra "ar gu""#).arguments == [program, "extra", "ar gu"])
    }

    @Test func wordsThatAreNoPathsOfWindowsStayAsTheyAre() throws {
        try folder.write("app.py", "")
        #expect(try plan("python", "app.py").arguments.dropFirst() == ["app.py"])
        try folder.write("my app.py", "")
        #expect(try plan("python", "my app.py").arguments.dropFirst() == [folder["my app.py"]])
    }

    @Test func pathsOfWindowsToWhatIsThereBecomeThisSystems() throws {
        try folder.writeProgram("App")
        for name in ["target", "conf"] { folder.makeFolder(name) }
        try folder.write("target/app.jar", "")
        let words = try plan("java", #"-jar target\app.jar --dir .\conf --regex a\d+ --out .\later\x"#).arguments
            .dropFirst()
        #expect(
            Array(words) == [
                "-jar", folder["target/app.jar"], "--dir", folder["conf"], "--regex", #"a\d+"#, "--out", #".\later\x"#,
            ])
    }

    @Test("ExpandEnvironmentVariableInWebConfig")
    func variablesAreExpandedInPathAndArguments() throws {
        try folder.write("App.dll", ProgramFiles.assembly())
        let worker = [(name: "DotNetPath", value: "dotnet"), (name: "NAME", value: "App")]
        let plan = try plan("%DOTNETPATH%", #".\%name%.dll %nobody% %ASPNETCORE_PORT%"#, worker: worker)
        #expect(plan.arguments == [dotNet, folder["App.dll"], "%nobody%", "5000"])
        #expect(plan.commandLine == #"dotnet .\App.dll %nobody% 5000"#)
    }

    @Test func httpPlatformsPortAndSocketAreExpanded() throws {
        let words = try plan("python", "app.py --port %HTTP_PLATFORM_PORT%", dialect: .httpPlatform)
        #expect(words.arguments.dropFirst() == ["app.py", "--port", "5000"])
        #expect(words.socketPath == nil)
        let socket = try plan("python", "app.py --uds %HTTP_PLATFORM_SOCKET%", dialect: .httpPlatform)
        #expect(socket.arguments.last == "/run/app.socket")
        #expect(socket.socketPath == "/run/app.socket")
    }

    @Test("EnvironmentVariableForLauncherPathIsPreferred, EnvironmentVariableForLauncherArgsIsPreferred")
    func theWorkersLauncherBeatsTheSection() throws {
        try folder.write("App.dll", ProgramFiles.assembly())
        try folder.writeProgram("Other")
        let path = [(name: "ANCM_LAUNCHER_PATH", value: "dotnet")]
        #expect(try plan("nothing", "App.dll", worker: path).arguments == [dotNet, folder["App.dll"]])
        let arguments = [(name: "ANCM_LAUNCHER_ARGS", value: "App.dll x")]
        #expect(try plan("dotnet", "nothing.dll", worker: arguments).arguments == [dotNet, folder["App.dll"], "x"])
        #expect(try plan(#".\Other"#, "y", dialect: .httpPlatform, worker: path + arguments).arguments.last == "y")
    }

    // MARK: What is wrong

    @Test(
        "InvalidProcessPath_ExpectServerError",
        arguments: [
            ("bogus", "", "Executable was not found: 'bogus' is neither in"),
            (#".\bogus.exe"#, "", "Executable was not found at 'FOLDER/bogus.exe'"),
            (
                #"c:\random files\dotnet.exe"#, "something.dll",
                #"Could not find dotnet.exe at 'c:\random files\dotnet.exe'"#
            ),
            (#".\dotnet.exe"#, "something.dll", "Could not find dotnet.exe at 'FOLDER/dotnet.exe'"),
            ("dotnet.exe", "", "Application arguments are empty"), ("dotnet", " ", "Application arguments are empty"),
            ("dotnet", #".\Missing.dll"#, #"The application '.\Missing.dll' is not in FOLDER"#),
            ("dotnet.zip", "", "Executable was not found: 'dotnet.zip'"),
            ("%LAUNCHER_PATH%", "%LAUNCHER_ARGS%", "processPath is Visual Studio's placeholder %LAUNCHER_PATH%"),
            (
                #"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"#, "x.ps1",
                "Executable was not found at '%SystemRoot%"
            ),
            (#"\\server\share\App.exe"#, "", #"Executable was not found at '\\server\share\App.exe'"#),
        ])
    func invalidPaths(path: String, arguments: String, text: String) throws {
        let expected = text.replacing("FOLDER", with: folder.path)
        let failure = try #require(try failure(path, arguments))
        #expect(failure.hasPrefix(expected), "\(failure)")
    }

    @Test func whatCannotBeRunIsNamedWithItsReason() throws {
        try folder.write("plain.sh", "#!/bin/sh\n")
        try folder.writeProgram("carriage.sh", Array("#!/bin/sh\r\necho\r\n".utf8))
        try folder.writeProgram("nobody.sh", Array("#!/no/such/shell -x\n".utf8))
        try folder.writeProgram("text", Array("hello".utf8))
        try folder.writeProgram("start.cmd", Array("@echo off".utf8))
        try folder.write("locked", ProgramFiles.elf())
        try folder.writeProgram("arm", ProgramFiles.elf(machine: 183))
        try folder.write("Old.exe", ProgramFiles.assembly())
        try folder.write("Native.exe", ProgramFiles.windows)
        for (path, text) in [
            ("./plain.sh", "is not executable for the pool's user"), ("./carriage.sh", "ends in a carriage return"),
            ("./nobody.sh", "is a script for '/no/such/shell'"), ("./text", "does not begin with \"#!\""),
            ("./start.cmd", "is a script of Windows"), ("./locked", "is not executable for the pool's user"),
            ("./arm", "is built for arm64 and this machine is x64"), ("./Old.exe", ".NET Framework"),
            ("./Native.exe", "is a program of Windows"),
        ] {
            let failure = try failure(path)
            #expect(failure?.contains(text) == true, "\(path): \(failure ?? "it runs")")
        }
    }

    @Test func aFolderIsNoProgram() throws {
        folder.makeFolder("App")
        #expect(try failure("./App")?.hasPrefix("Executable was not found at") == true)
    }

    @Test func withoutNETTheApplicationsWishIsNamed() throws {
        try publish("App")
        system.remove("bin/dotnet")
        let failure = try #require(try failure("dotnet", "App.dll"))
        #expect(failure.contains("Microsoft.AspNetCore.App 10.0.0"))
        #expect(failure.contains("no .NET is found"))
        #expect(try self.failure("dotnet", "run")?.hasPrefix(".NET is not installed") == true)
    }

    @Test("TargedDifferenceSharedFramework_FailedToFindNativeDependencies: a version that is not there is named")
    func aMissingFrameworkIsNamed() throws {
        try publish("App", version: "10.0.0")
        for name in [
            "bin/host", "bin/host/fxr", "bin/host/fxr/8.0.31", "bin/shared", "bin/shared/Microsoft.AspNetCore.App",
            "bin/shared/Microsoft.AspNetCore.App/8.0.31",
        ] { system.makeFolder(name) }
        let failure = try #require(try failure("dotnet", "App.dll"))
        #expect(failure.contains("10.0.0"))
        #expect(failure.contains("8.0.31"))
    }

    @Test func whatBringsAWindowsRuntimeCannotRun() throws {
        try publish("App", model: "includedFrameworks")
        try folder.write("App.exe", ProgramFiles.windows)
        #expect(try failure(#".\App.exe"#)?.contains("publish it for") == true)
    }

    // MARK: What the rules of pools are told

    @Test func theRulesOfPoolsHearOfTheApplicationAndItsRuntime() throws {
        try folder.write("App.dll", ProgramFiles.assembly(flags: 3))
        var settings = BackendSettings(processPath: "dotnet")
        settings.arguments = #".\App.dll"#
        settings.hostingModel = .inProcess
        let launcher = Launcher(
            settings: settings, place: place, environment: [(name: "PATH", value: system["bin"])], system: system.path)
        let application = launcher.hostedApplication()
        #expect(application.name == "Shop/")
        #expect(application.hosting == .inProcess)
        #expect(application.architecture == .x86)
        #expect(application.runtime?.program == dotNet)
        #expect(application.runtime?.architecture == .x64)
        #expect(
            Launcher(
                settings: BackendSettings(processPath: "nothing"), place: place, environment: [], system: system.path
            ).hostedApplication().architecture == .unknown)
    }

    @Test func theRulesOfPoolsAreNotAboutProgramsOfHttpPlatform() throws {
        try folder.writeProgram("App", ProgramFiles.elf(machine: 3, is64Bit: false))
        var settings = BackendSettings(processPath: #".\App"#)
        settings.dialect = .httpPlatform
        let launcher = Launcher(settings: settings, place: place, environment: [], system: system.path)
        #expect(launcher.hostedApplication() == HostedApplication(name: "Shop/", hosting: .none, architecture: .any))
    }

    @Test func aProgramOfTheSystemSaysNothingOfTheApplication() throws {
        let launcher = Launcher(
            settings: BackendSettings(processPath: "node"), place: place,
            environment: [(name: "PATH", value: system["bin"])], system: system.path)
        #expect(launcher.hostedApplication().architecture == .unknown)
        #expect(launcher.hostedApplication().runtime == nil)
    }
}
