import DotNet
import Platform
import TestSupport
import Testing

/// The rows are those of dotnet/runtime, docs/design/features/framework-version-resolution.md, and of dotnet/designs,
/// accepted/2019/runtime-binding.md.
@Suite struct FrameworkResolutionTests {
    private let application = try! TemporaryFolder()  // Without folders there is nothing to test.
    private let machine = try! TemporaryFolder()  // Without folders there is nothing to test.

    private func resolution(
        _ wanted: String, _ installed: [String], rollForward: String = "", environment: [String: String] = [:],
        applyPatches: Bool = true
    ) throws -> FrameworkResolution {
        let extra =
            (rollForward.isEmpty ? "" : "\"rollForward\": \"\(rollForward)\",")
            + (applyPatches ? "" : "\"applyPatches\": false,")
        try PublishedFolder.write("Shop", wanted, in: application, extra)
        let place = installed.joined(separator: "_")
        try PublishedFolder.install(installed, in: machine, at: place)
        let installation = try #require(DotNetInstallation(folder: machine[place], foundBy: "PATH"))
        let shop = try #require(try PublishedApplication.inspect(application.path))
        return FrameworkResolution.of(shop, on: installation) { environment[$0] }
    }

    /// The version of ASP.NET Core that is taken, or nil.
    private func version(
        _ wanted: String, _ installed: [String], rollForward: String = "", environment: [String: String] = [:],
        applyPatches: Bool = true
    ) throws -> String? {
        let resolution = try resolution(
            wanted, installed, rollForward: rollForward, environment: environment, applyPatches: applyPatches)
        guard case .frameworks(let frameworks) = resolution else { return nil }
        return frameworks.first { $0.name == "Microsoft.AspNetCore.App" }?.version.description
    }

    @Test func theLatestPatchOfTheWantedMinorVersionIsTaken() throws {
        #expect(try version("8.0.0", ["8.0.9", "8.0.31", "8.1.0", "10.0.12"]) == "8.0.31")
    }

    @Test func theNextMinorVersionIsTakenWhereTheWantedIsMissing() throws {
        #expect(try version("3.0.0", ["3.1.2", "3.1.4", "3.2.0"]) == "3.1.4")
        #expect(try version("3.0.0", ["3.1.2"], rollForward: "LatestPatch") == nil)
    }

    @Test func anotherMajorVersionIsTakenOnlyWhereThatIsSaid() throws {
        #expect(try version("8.0.0", ["10.0.12"]) == nil)
        #expect(try version("8.0.0", ["9.0.1", "10.0.12"], rollForward: "major") == "9.0.1")
        #expect(try version("8.0.0", ["8.0.1", "10.0.12"], rollForward: "Major") == "8.0.1")
        #expect(try version("8.0.0", ["8.0.1", "10.0.12"], rollForward: "LatestMajor") == "10.0.12")
        #expect(try version("8.0.0", ["8.0.1", "8.2.0", "10.0.12"], rollForward: "LatestMinor") == "8.2.0")
    }

    @Test func withDisableOnlyThatVersionWillDo() throws {
        #expect(try version("8.0.0", ["8.0.1"], rollForward: "Disable") == nil)
        #expect(try version("8.0.1", ["8.0.1", "8.0.2"], rollForward: "Disable") == "8.0.1")
    }

    @Test func nothingIsEverRolledBack() throws {
        #expect(try version("8.0.5", ["8.0.4"], rollForward: "LatestMajor") == nil)
    }

    @Test func aReleaseIsRunOnAReleaseWhereThereIsOne() throws {
        #expect(try version("3.0.0", ["3.0.0", "3.0.1-preview"]) == "3.0.0")
        #expect(try version("3.0.0", ["3.0.1-preview", "3.1.0"]) == "3.1.0")
        #expect(try version("3.0.0", ["3.0.1-preview"]) == "3.0.1-preview")
        #expect(try version("2.0.0", ["3.0.0", "3.0.1-preview"], rollForward: "LatestMajor") == "3.0.0")
        #expect(try version("3.0.0", ["3.0.0-preview"]) == nil)
    }

    @Test func previewsCountWhereTheEnvironmentSaysSo() throws {
        let environment = ["DOTNET_ROLL_FORWARD_TO_PRERELEASE": "1"]
        #expect(try version("3.0.0", ["3.0.0", "3.0.1-preview"], environment: environment) == "3.0.1-preview")
        #expect(try version("3.0.0", ["3.0.1-preview", "3.1.0"], environment: environment) == "3.0.1-preview")
    }

    @Test func aPreviewRollsToTheNextOneAndToReleases() throws {
        #expect(try version("3.0.0-preview4", ["3.0.0-preview4", "3.0.0-preview5"]) == "3.0.0-preview4")
        #expect(try version("3.0.0-preview4", ["3.0.0-preview5", "3.0.0-preview6"]) == "3.0.0-preview5")
        #expect(try version("3.0.0-preview4", ["3.0.1"]) == "3.0.1")
    }

    @Test func theEnvironmentOutweighsTheFile() throws {
        #expect(try version("8.0.0", ["10.0.12"], environment: ["DOTNET_ROLL_FORWARD": "Major"]) == "10.0.12")
        #expect(
            try version("8.0.0", ["8.0.1"], rollForward: "Major", environment: ["DOTNET_ROLL_FORWARD": "disable"])
                == nil)
    }

    @Test func withoutPatchesTheNearestVersionIsTaken() throws {
        #expect(try version("8.0.0", ["8.0.3", "8.0.31"], applyPatches: false) == "8.0.3")
    }

    @Test func whatIsMissingIsNamedWithWhatIsThere() throws {
        guard case .refused(let text) = try resolution("10.0.0", ["8.0.31", "9.0.2"]) else {
            Issue.record("it is not refused")
            return
        }
        #expect(
            text
                == "Shop wants Microsoft.NETCore.App 10.0.0 or a later 10 (net10.0); \(machine.path)/8.0.31_9.0.2 has 8.0.31, 9.0.2 of it. "
                + "Install the ASP.NET Core Runtime 10.0 (package aspnetcore-runtime-10.0)")
    }

    @Test func aFrameworkThatIsNotThereAtAllIsNamed() throws {
        try PublishedFolder.install(["8.0.31"], in: machine)
        try application.write("Shop.dll", PublishedFolder.assembly())
        try application.write(
            "Shop.runtimeconfig.json",
            PublishedFolder.configuration("8.0.0", framework: "Microsoft.WindowsDesktop.App"))
        let shop = try #require(try PublishedApplication.inspect(application.path))
        guard
            case .refused(let text) = FrameworkResolution.of(
                shop, on: DotNetInstallation(folder: machine.path, foundBy: ""), environment: { _ in nil })
        else {
            Issue.record("it is not refused")
            return
        }
        #expect(text.contains("\(machine.path) has none of it"))
    }

    @Test func withoutNETTheWishIsNamed() throws {
        try PublishedFolder.write("Shop", "10.0.0", in: application)
        let shop = try #require(try PublishedApplication.inspect(application.path))
        guard case .refused(let text) = FrameworkResolution.of(shop, on: nil, environment: { _ in nil }) else {
            Issue.record("it is not refused")
            return
        }
        #expect(
            text.hasPrefix("Shop wants Microsoft.AspNetCore.App 10.0.0 (net10.0), and no .NET is found on this machine")
        )
        #expect(text.hasSuffix("Install the ASP.NET Core Runtime 10.0 (package aspnetcore-runtime-10.0)"))
    }

    @Test func whatIsWantedOfNETByASPNETCoreIsReconciledWithTheApplicationsWish() throws {
        // The application wants 8.0.0 of .NET, the ASP.NET Core that it gets wants 8.0.31, which is then taken too.
        try PublishedFolder.install(["8.0.3", "8.0.31"], in: machine)
        try PublishedFolder.write("Shop", "8.0.0", in: application, "\"applyPatches\": false,")
        try machine.write(
            "shared/Microsoft.AspNetCore.App/8.0.3/Microsoft.AspNetCore.App.runtimeconfig.json",
            #"{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "8.0.31"}}}"#)
        let shop = try #require(try PublishedApplication.inspect(application.path))
        let installation = DotNetInstallation(folder: machine.path, foundBy: "PATH")
        guard
            case .frameworks(let frameworks) = FrameworkResolution.of(shop, on: installation, environment: { _ in nil })
        else {
            Issue.record("it is not resolved")
            return
        }
        #expect(
            Set(frameworks.map { "\($0.name) \($0.version)" })
                == ["Microsoft.NETCore.App 8.0.31", "Microsoft.AspNetCore.App 8.0.3"])
    }

    @Test func anAssemblyForAnotherMachineIsRefused() throws {
        try PublishedFolder.install(["8.0.31"], in: machine)
        try PublishedFolder.write("Shop", "8.0.0", in: application)
        try application.write("Shop.dll", PublishedFolder.assembly(flags: 3))
        let shop = try #require(try PublishedApplication.inspect(application.path))
        let installation = DotNetInstallation(folder: machine.path, foundBy: "PATH")
        guard case .refused(let text) = FrameworkResolution.of(shop, on: installation, environment: { _ in nil }) else {
            Issue.record("it is not refused")
            return
        }
        #expect(text.contains("Shop.dll is built for x86, and \(machine.path)/dotnet is x64"))
    }
}
