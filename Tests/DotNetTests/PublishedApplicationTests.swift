import DotNet
import Platform
import TestSupport
import Testing

@Suite struct PublishedApplicationTests {
    private let folder = try! TemporaryFolder()  // Without a folder there is nothing to test.

    private func inspected(named name: String? = nil) throws -> PublishedApplication? {
        try PublishedApplication.inspect(folder.path, named: name)
    }

    @Test func aFolderOfFilesIsNoApplication() throws {
        try folder.write("index.html", "<p>")
        try folder.write("large.png", [UInt8](repeating: 7, count: 100_000))
        #expect(try inspected() == nil)
        #expect(try PublishedApplication.inspect(folder["missing"]) == nil)
        #expect(try PublishedApplication.inspect(folder["index.html"]) == nil)
    }

    @Test func aPortableApplicationIsTheAssemblyOfItsRuntimeConfiguration() throws {
        try PublishedFolder.write("Shop", "10.0.0", in: folder)
        try folder.write("Shop", PublishedFolder.linuxProgram())
        try folder.write("Shop.deps.json", #"{"runtimeTarget": {"name": ".NETCoreApp,Version=v10.0"}}"#)
        let shop = try #require(try inspected())
        #expect(shop.name == "Shop")
        #expect(shop.form == .frameworkDependent)
        #expect(shop.assembly == "Shop.dll")
        #expect(shop.startProgram?.name == "Shop")
        #expect(shop.runtimeIdentifier == nil)
        #expect(shop.architecture == .any)
        #expect(shop.isWebApplication)
        #expect(shop.configuration?.targetFramework == "net10.0")
        #expect(shop.configuration?.frameworks.map(\.name) == ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"])
    }

    @Test func itsSystemStandsInDepsJson() throws {
        try PublishedFolder.write("Shop", "8.0.0", in: folder)
        try folder.write("Shop.exe", PublishedFolder.windowsProgram())
        try folder.write("Shop.deps.json", #"{"runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/win-x64"}}"#)
        let shop = try #require(try inspected())
        #expect(shop.runtimeIdentifier == "win-x64")
        #expect(shop.startProgram?.name == "Shop.exe")
        #expect(shop.startProgram?.image.format == .windows)
        // The assembly beside it runs wherever .NET does.
        #expect(shop.obstacle == nil)
    }

    @Test func commentsAndAByteOrderMarkAreRead() throws {
        try folder.write("Shop.dll", PublishedFolder.assembly())
        try folder.write(
            "Shop.runtimeconfig.json",
            "\u{FEFF}{ // \"not this\n \"runtimeOptions\": {/* nor } this **/ \"tfm\": \"a//b/*c*/\", \"framework\": "
                + "{\"name\": \"Microsoft.AspNetCore.App\", \"version\": \"8.0.1\"}}}")
        let configuration = try #require(try inspected()?.configuration)
        #expect(configuration.targetFramework == "a//b/*c*/")
        #expect(configuration.frameworks.map(\.version.description) == ["8.0.1"])
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"runtimeOptions": 1}"#, #"{"runtimeOptions": {"frameworks": [{"version": "1.0.0"}]}}"#,
        #"{"runtimeOptions": {"framework": {"name": "A", "version": "new"}}}"#, "/*", "{\"a\": \"\\",
        #"{"runtimeOptions": {"rollForward": "Sideways"}}"#, String(repeating: "[", count: 100_000),
    ])
    func whatMakesNoSenseIsToldWithItsFile(_ text: String) throws {
        try folder.write("Shop.runtimeconfig.json", text)
        try folder.write("Shop.dll", PublishedFolder.assembly())
        let error = #expect(throws: UnreadableFiles.self) { try inspected() }
        #expect(error?.text.contains("Shop.runtimeconfig.json") == true)
    }

    @Test func aMissingAssemblyIsTold() throws {
        try folder.write("Shop.runtimeconfig.json", PublishedFolder.configuration("8.0.0"))
        let error = #expect(throws: UnreadableFiles.self) { try inspected() }
        #expect(error?.text.contains("Shop.dll beside it is not") == true)
    }

    @Test func ofSeveralTheOneOfASPNETCoreIsMeantOrTheOneThatIsNamed() throws {
        try PublishedFolder.write("Shop", "8.0.0", in: folder)
        try folder.write("Tool.dll", PublishedFolder.assembly())
        try folder.write(
            "Tool.runtimeconfig.json",
            #"{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"}}}"#)
        #expect(try inspected()?.name == "Shop")
        #expect(try inspected(named: "Tool.dll")?.isWebApplication == false)
        try PublishedFolder.write("Admin", "8.0.0", in: folder)
        let error = #expect(throws: UnreadableFiles.self) { try inspected() }
        #expect(error?.text.contains("several applications: Admin, Shop") == true)
        #expect(try inspected(named: "Shop")?.name == "Shop")
    }

    @Test func anApplicationWithItsRuntimeNeedsAProgramForThisMachine() throws {
        try folder.write("Shop.dll", PublishedFolder.assembly())
        try folder.write(
            "Shop.runtimeconfig.json",
            #"{"runtimeOptions": {"includedFrameworks": [{"name": "Microsoft.AspNetCore.App", "version": "10.0.1"}]}}"#)
        try folder.write("Shop.exe", PublishedFolder.windowsProgram())
        var shop = try #require(try inspected())
        #expect(shop.form == .selfContained)
        #expect(shop.isWebApplication)
        #expect(shop.obstacle?.contains("--self-contained false") == true)
        // Of the two machines that .NET knows here, the other.
        let other: UInt8 = ExecutableImage.Architecture.ofThisMachine == .x64 ? 183 : 62
        try folder.write("Shop", PublishedFolder.linuxProgram(machine: other))
        shop = try #require(try inspected())
        #expect(shop.obstacle?.contains("and this machine is") == true)
        try folder.write("Shop", PublishedFolder.linuxProgram(machine: 245 - other))
        #expect(try inspected()?.obstacle == nil)
    }

    @Test(arguments: [8, (1 << 20) - 20, (1 << 20) + 5, (2 << 20) - 33])
    func aSingleFileProgramIsFoundByItsMark(_ place: Int) throws {
        let program = PublishedFolder.linuxProgram(size: 3 << 20)
        try folder.write("Shop.Web", PublishedFolder.bundled(program, at: max(place, 64), header: 3 << 19))
        try folder.write("other.bin", PublishedFolder.linuxProgram())
        let shop = try #require(try inspected())
        #expect(shop.name == "Shop.Web")
        #expect(shop.form == .singleFile)
        #expect(shop.assembly == nil)
        #expect(shop.architecture == .x64)
    }

    @Test(arguments: [0, 64 << 10, UInt64.max]) func aMarkThatLeadsNowhereIsNone(_ header: UInt64) throws {
        try folder.write("Shop", PublishedFolder.bundled(PublishedFolder.linuxProgram(), at: 4096, header: header))
        #expect(try inspected() == nil)
    }

    @Test func aProgramOfTheNETFrameworkCannotRunHere() throws {
        try folder.write("Legacy.exe", PublishedFolder.assembly())
        let legacy = try #require(try inspected())
        #expect(legacy.form == .dotNetFramework)
        #expect(legacy.obstacle?.hasPrefix("Legacy.exe is made for the .NET Framework, which only Windows has") == true)
    }

    private func answering(_ documents: [String] = ["index.html"]) throws -> PublishedApplication? {
        try PublishedApplication.answering(for: folder.path, documents: documents)
    }

    @Test func programsAmongFilesAreFilesToBeSent() throws {
        try folder.write("Legacy.exe", PublishedFolder.assembly())
        #expect(try answering() == nil)
        #expect(PublishedApplication.unmappedAdvice(folder.path) == nil)
        let program = PublishedFolder.bundled(PublishedFolder.linuxProgram(), at: 4096, header: 5000)
        try folder.write("tool", program)
        #expect(try answering()?.name == "tool")
        // One beside a page that answers for the folder, whatever the case of its name.
        try folder.write("Index.html", "<p>")
        #expect(try answering() == nil)
        #expect(PublishedApplication.unmappedAdvice(folder.path, documents: ["index.html"]) == nil)
        #expect(try answering([])?.name == "tool")
        folder.remove("Index.html")
        // Several.
        try folder.write("tool2", program)
        #expect(try answering() == nil)
        #expect(PublishedApplication.unmappedAdvice(folder.path) == nil)
        #expect(throws: UnreadableFiles.self) { try inspected() }
        // An application that says what it is answers beside any.
        try PublishedFolder.write("Shop", "8.0.0", in: folder)
        try folder.write("index.html", "<p>")
        #expect(try answering()?.name == "Shop")
    }

    @Test func whatAnswersNoRequestsDoesNotAnswerForItsFolder() throws {
        try folder.write("Tool.dll", PublishedFolder.assembly())
        try folder.write(
            "Tool.runtimeconfig.json",
            #"{"runtimeOptions": {"includedFrameworks": [{"name": "Microsoft.NETCore.App", "version": "8.0.0"}]}}"#)
        try folder.write("Tool.exe", PublishedFolder.windowsProgram())
        #expect(try inspected()?.obstacle != nil)
        #expect(try answering() == nil)
        #expect(PublishedApplication.unmappedAdvice(folder.path) == nil)
    }

    @Test func aSiteOfASPNETOfTheNETFrameworkCannotRunHere() throws {
        try folder.write("Global.asax", "")
        #expect(try inspected() == nil)
        folder.makeFolder("bin")
        try folder.write("bin/Shop.dll", PublishedFolder.assembly())
        #expect(try inspected()?.form == .dotNetFramework)
        #expect(PublishedApplication.unmappedAdvice(folder.path)?.text.contains("only Windows has") == true)
    }

    @Test func pipesAndLinksOutOfTheFolderAreLeftAlone() throws {
        folder.makePipe("pipe")
        folder.makeLink("link", to: "/proc/self/exe")
        #expect(try inspected() == nil)
    }
}
