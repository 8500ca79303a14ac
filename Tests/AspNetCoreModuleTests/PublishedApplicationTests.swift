import Configuration
import HostModel
import Platform
import Programs
import TestSupport
import Testing

@testable import AspNetCoreModule

/// Where real published applications lie.
enum Published {
    static let folder = FilePath.resolved("../shared/dotnet/published") ?? ""
    static let isThere = !folder.isEmpty
    /// A real .NET with the frameworks 8 and 10; empty where none is named.
    static let runtime = CurrentProcess.variable("HOSTELRY_DOTNET_ROOT") ?? ""
}

/// What real `dotnet publish` left, launched by the web.config that the SDK wrote; read in place.
@Suite(.enabled(if: Published.isThere, "there are no published applications beside the repository"))
struct PublishedApplicationTests {
    /// The program's file below the published folder or the system's, and what it is given.
    @Test(
        arguments: [
            ("conformance", .inProcess, ["bin/dotnet", "conformance.dll"]),
            ("web", .inProcess, ["bin/dotnet", "Stock.Web.dll"]),
            ("web-win-x64", .inProcess, ["bin/dotnet", "Stock.Web.dll"]),
            ("razor-pages", .inProcess, ["bin/dotnet", "Stock.webapp.dll"]),
            ("legacy", .outOfProcess, ["bin/dotnet", "legacy.dll"]),
        ] as [(String, BackendSettings.HostingModel, [String])])
    func whatTheSDKWroteIsLaunched(name: String, model: BackendSettings.HostingModel, words: [String]) throws {
        let system = try TemporaryFolder()
        system.makeFolder("bin")
        try system.writeProgram("bin/dotnet")
        let folder = "\(Published.folder)/\(name)"
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        let configuration = try WebConfigFile.configuration(of: "\(folder)/web.config", below: server)
        let settings = try BackendSettings(reading: configuration, .aspNetCore)
        #expect(settings.hostingModel == model)
        let place = ApplicationPlace(siteName: "S", siteID: 1, path: "/", folder: folder, pool: "P")
        let launcher = Launcher(
            settings: settings, place: place, environment: [(name: "PATH", value: system["bin"])], system: system.path)
        let plan = try launcher.plan(port: 5000, socketPath: nil, token: "t")
        #expect(plan.arguments == words.map { $0.hasPrefix("bin/") ? system[$0] : "\(folder)/\($0)" })
        #expect(plan.directory == folder)
    }

    @Test func theProgramOfALinuxTargetIsRunAndAnX86LibraryIsTold() throws {
        let system = try TemporaryFolder()
        func launcher(_ name: String, _ path: String, _ arguments: String = "") -> Launcher {
            var settings = BackendSettings(processPath: path)
            settings.arguments = arguments
            let place = ApplicationPlace(
                siteName: "S", siteID: 1, path: "/", folder: "\(Published.folder)/\(name)", pool: "P")
            return Launcher(
                settings: settings, place: place, environment: [(name: "PATH", value: system["bin"])],
                system: system.path)
        }
        system.makeFolder("bin")
        try system.writeProgram("bin/dotnet")
        let linux = try launcher("web-linux-x64", #".\stock.web.exe"#).plan(port: 5000, socketPath: nil, token: "t")
        #expect(linux.executable == "\(Published.folder)/web-linux-x64/Stock.Web")
        #expect(linux.environment.contains { $0.name == "DOTNET_ROOT" && $0.value == system["bin"] })
        #expect(launcher("web-linux-x64", #".\Stock.Web"#).hostedApplication().architecture == .x64)
        #expect(launcher("web-x86", "dotnet", #".\Stock.Web.dll"#).hostedApplication().architecture == .x86)
        #expect(launcher("web", "dotnet", #".\Stock.Web.dll"#).hostedApplication().architecture == .any)
    }

    @Test(
        .enabled(if: !Published.runtime.isEmpty, "HOSTELRY_DOTNET_ROOT names no .NET"),
        arguments: [
            ("blazor", nil), ("conformance", nil), ("legacy", nil), ("razor-pages", nil), ("signalr", nil),
            ("web", nil), ("web-api", nil), ("web-win-x64", nil), ("web-x86", "is built for x86"),
        ] as [(String, String?)])
    func whatTheRealRuntimeCanRunIsLaunchedOnIt(name: String, refusal: String?) throws {
        let folder = "\(Published.folder)/\(name)"
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        let configuration = try WebConfigFile.configuration(of: "\(folder)/web.config", below: server)
        let launcher = Launcher(
            settings: try BackendSettings(reading: configuration, .aspNetCore),
            place: ApplicationPlace(siteName: "S", siteID: 1, path: "/", folder: folder, pool: "P"),
            environment: [(name: "DOTNET_ROOT", value: Published.runtime)])
        do throws(LaunchFailure) {
            let plan = try launcher.plan(port: 5000, socketPath: nil, token: "t")
            #expect(plan.executable == Published.runtime + "/dotnet")
            #expect(refusal == nil)
        } catch {
            #expect(refusal.map { error.text.contains($0) } == true, "\(error.text)")
        }
        #expect(launcher.hostedApplication().runtime?.architecture == .x64)
        #expect((launcher.hostedApplication().architecture == .x86) == (refusal != nil))
    }
}
