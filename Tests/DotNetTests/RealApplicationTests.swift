import DotNet
import Platform
import Testing

/// What real `dotnet publish` left, read in place.
@Suite struct RealApplicationTests {
    static let folder = "../shared/dotnet/published"
    static let isThere = FilePath.resolved(folder) != nil

    struct Row: Sendable {
        let folder: String
        let name: String
        var form = PublishedApplication.Form.frameworkDependent
        var target = "net10.0"
        var start: String?
        var identifier: String?
        var architecture = ExecutableImage.Architecture.any
    }

    @Test(
        .enabled(if: isThere, "there are no published applications beside the repository"),
        arguments: [
            Row(folder: "web", name: "Stock.Web", start: "Stock.Web"),
            Row(folder: "web-x86", name: "Stock.Web", architecture: .x86),
            Row(
                folder: "web-linux-x64", name: "Stock.Web", start: "Stock.Web", identifier: "linux-x64",
                architecture: .x64),
            Row(
                folder: "web-win-x64", name: "Stock.Web", start: "Stock.Web.exe", identifier: "win-x64",
                architecture: .x64),
            Row(
                folder: "web-self-contained", name: "Stock.web", form: .selfContained, start: "Stock.web",
                identifier: "linux-x64", architecture: .x64),
            Row(folder: "legacy", name: "legacy", target: "net8.0", start: "legacy"),
            Row(folder: "web-api", name: "Stock.webapi", start: "Stock.webapi"),
        ])
    func whatPublishLeavesIsRecognised(_ row: Row) throws {
        let application = try #require(try PublishedApplication.inspect("\(Self.folder)/\(row.folder)"))
        #expect(application.name == row.name)
        #expect(application.form == row.form)
        #expect(application.assembly == "\(row.name).dll")
        #expect(application.configuration?.targetFramework == row.target)
        #expect(application.startProgram?.name == row.start)
        #expect(application.runtimeIdentifier == row.identifier)
        #expect(application.architecture == row.architecture)
        #expect(application.isWebApplication)
        #expect(application.obstacle == nil)
    }
}
