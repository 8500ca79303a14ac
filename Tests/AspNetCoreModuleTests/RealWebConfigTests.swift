import Configuration
import Programs
import TestSupport
import Testing

@testable import AspNetCoreModule

/// The real web.config files of the corpus that stand programs behind a site.
@Suite(.enabled(if: Corpus.isHere, "\(Corpus.absence)")) struct RealWebConfigTests {
    /// By file: what would be launched where the programs are there, or the beginning of the reason why nothing would be.
    static let expected: [String: String] = [
        "004": "processPath is Visual Studio's placeholder", "008": "processPath is Visual Studio's placeholder",
        "013": "FOLDER/FriendsOfTime.Api", "015": "BIN/dotnet FOLDER/CHR_Country_list.dll",
        "018": "BIN/dotnet FOLDER/DBADashWebView.dll", "026": "BIN/dotnet FOLDER/Next.API.DataAssets.dll",
        "027": "BIN/dotnet FOLDER/Next.API.DataAssets.dll", "028": "processPath is Visual Studio's placeholder",
        "030": "BIN/python3 manage.py runserver 5000", "040": "Executable was not found at '%SystemRoot%",
        "053": "BIN/dotnet FOLDER/Dinawin.Erp.WebApi.dll", "062": "Executable was not found at '%DNX_PATH%'",
    ]

    @Test func eachSaysWhatItWouldLaunch() throws {
        let system = try TemporaryFolder()
        system.makeFolder("bin")
        for name in ["dotnet", "python3"] { try system.writeProgram("bin/\(name)") }
        let folder = try TemporaryFolder()
        try folder.writeProgram("FriendsOfTime.Api")
        for name in ["CHR_Country_list", "DBADashWebView", "Next.API.DataAssets", "Dinawin.Erp.WebApi"] {
            try folder.write("\(name).dll", ProgramFiles.assembly())
        }
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        var found: [String: String] = [:]
        for name in try Corpus.names("web").filter({ $0.hasSuffix(".config") }) {
            let bytes = try Corpus.bytes("web/\(name)")
            let text = String(decoding: bytes, as: UTF8.self)
            let dialect: BackendSettings.Dialect = text.contains("<httpPlatform ") ? .httpPlatform : .aspNetCore
            guard text.contains("<aspNetCore ") || dialect == .httpPlatform else { continue }
            try folder.write("web.config", bytes)
            // 063 is malformed.
            guard let configuration = try? WebConfigFile.configuration(of: folder["web.config"], below: server) else {
                continue
            }
            found[String(name.prefix(3))] = try launch(configuration, dialect, folder, system)
        }
        #expect(found.keys.sorted() == Self.expected.keys.sorted())
        for (number, text) in found {
            let expected = (Self.expected[number] ?? "").replacing("FOLDER", with: folder.path)
                .replacing("BIN", with: system["bin"])
            #expect(text.hasPrefix(expected), "\(number): \(text)")
        }
    }

    private func launch(
        _ configuration: PathConfiguration, _ dialect: BackendSettings.Dialect, _ folder: TemporaryFolder,
        _ system: TemporaryFolder
    ) throws -> String {
        let place = ApplicationPlace(siteName: "S", siteID: 1, path: "/", folder: folder.path, pool: "P")
        let launcher = Launcher(
            settings: try BackendSettings(reading: configuration, dialect), place: place,
            environment: [(name: "PATH", value: system["bin"])], system: system.path)
        do throws(LaunchFailure) {
            return try launcher.plan(port: 5000, socketPath: nil, token: "t").arguments.joined(separator: " ")
        } catch {
            return error.text
        }
    }
}
