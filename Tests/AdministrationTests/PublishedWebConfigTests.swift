import Administration
import Configuration
import DotNet
import HostModel
import Platform
import TestSupport
import Testing

/// The web.config of a published application, beside what the .NET SDK writes.
@Suite struct PublishedWebConfigTests {
    static let published = "../shared/dotnet/published"
    static let isThere = FilePath.resolved(published) != nil

    /// Elements and attributes, whatever order and layout they have.
    private func meaning(_ bytes: [UInt8]) throws -> [String] {
        var lines: [String] = []
        func add(_ element: DocumentElement, _ path: String) {
            let here = "\(path)/\(element.name)"
            lines.append(here)
            for attribute in element.attributes {
                // The schema has hostingModel in any case of letters.
                let value = attribute.name == "hostingModel" ? attribute.value.lowercased() : attribute.value
                lines.append("\(here)@\(attribute.name)=\(value)")
            }
            for child in element.children { add(child, here) }
        }
        add(try Document(bytes: bytes, path: "web.config").root, "")
        return lines.sorted()
    }

    @Test(
        .enabled(if: isThere, "there are no published applications beside the repository"),
        arguments: [
            "blazor", "conformance", "legacy", "razor-pages", "signalr", "web", "web-api", "web-win-x64", "web-x86",
        ])
    func itSaysWhatTheSDKWrote(_ name: String) throws {
        let folder = "\(Self.published)/\(name)"
        let application = try #require(try PublishedApplication.inspect(folder))
        let own = PublishedWebConfig(application, hostingModel: name == "legacy" ? .outofprocess : nil)
        let theirs = try FileReader().read("\(folder)/web.config").bytes
        #expect(try meaning(Array(own.text.utf8)) == meaning(theirs))
    }

    @Test(
        .enabled(if: isThere, "there are no published applications beside the repository"),
        arguments: ["web-linux-x64", "web-self-contained"])
    func forLinuxItStartsThePublishedProgram(_ name: String) throws {
        let application = try #require(try PublishedApplication.inspect("\(Self.published)/\(name)"))
        let own = PublishedWebConfig(application)
        #expect(own.processPath.lowercased() == #".\stock.web"#)
        #expect(own.arguments.isEmpty)
    }

    @Test func namesOfAnyLettersAreWrittenSoThatTheyAreReadAgain() throws {
        let folder = try TemporaryFolder()
        try folder.write("A & <B>.dll", "")
        try folder.write(
            "A & <B>.runtimeconfig.json",
            #"{"runtimeOptions": {"framework": {"name": "Microsoft.AspNetCore.App", "version": "8.0.0"}}}"#)
        let application = try #require(try PublishedApplication.inspect(folder.path))
        try folder.write("web.config", PublishedWebConfig(application).text)
        #expect(ConfigurationCheck.problems(ofWebConfig: folder["web.config"]).filter { $0.severity == .error }.isEmpty)
        let text = try meaning(Array(folder.text("web.config").utf8))
        #expect(text.contains { $0.hasSuffix(#"aspNetCore@arguments=".\A & <B>.dll""#) })
    }
}
