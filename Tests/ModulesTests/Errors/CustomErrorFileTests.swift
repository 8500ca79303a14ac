import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import Modules

/// Reference §5.2: *httpErrors*, response mode File.
struct CustomErrorFileTests {
    let services = TestServices()

    private func host(server: String = "", applications: String = "") throws -> TestHost {
        try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services), server: server,
            applications: applications)
    }

    private func entry(_ attributes: String) -> String {
        "<httpErrors errorMode=\"Custom\"><error statusCode=\"404\" \(attributes)/></httpErrors>"
    }

    private let builtIn = "HTTP Error 404 – Not Found"

    @Test
    func slashesOfBothKindsLeadIntoTheSite() throws {
        let host = try host()
        try host.folder.write("www/errors/lost.html", "lost")
        try host.configure("", entry("path=\"errors\\lost.html\""))
        #expect(try host.get("/deep/none.txt").text == "lost")
    }

    @Test
    func theApplicationsFolderComesBeforeTheSites() throws {
        let host = try host(
            applications:
                "<application path=\"/shop\" applicationPool=\"Pool\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/shop\"/></application>"
        )
        host.folder.makeFolder("shop")
        try host.folder.write("www/lost.html", "site")
        try host.configure("", entry("path=\"lost.html\""))
        #expect(try host.get("/shop/none.txt").text == "site")
        try host.folder.write("shop/lost.html", "shop")
        services.now += ErrorFiles.lifetime
        #expect(try host.get("/shop/none.txt").text == "shop")
        #expect(try host.get("/none.txt").text == "site")
    }

    @Test
    func aFolderOfTheClientsLanguageIsChosenThenEnglish() throws {
        let host = try host()
        try host.folder.write("www/errors/de/404.html", "deutsch")
        try host.folder.write("www/errors/fr-CH/404.html", "suisse")
        try host.folder.write("www/errors/en-US/404.html", "english")
        try host.configure("", entry("prefixLanguageFilePath=\"errors\" path=\"404.html\""))
        func page(_ languages: String) throws -> String {
            try host.get("/none.txt", headers: [("Accept-Language", languages)]).text
        }
        #expect(try page("de-AT, fr;q=0.5") == "deutsch")
        #expect(try page("fr-ch") == "suisse")
        #expect(try page("tlh, de;q=0.1") == "deutsch")
        #expect(try page("../../../etc") == "english")
        #expect(try host.get("/none.txt").text == "english")
    }

    @Test(arguments: [
        "../secret.html", "errors/../../secret.html", "link.html", "linked/secret.html", "folder", "pipe",
    ])
    func nothingOutsideTheSiteIsShown(_ path: String) throws {
        let host = try host()
        try host.folder.write("secret.html", "secret")
        host.folder.makeLink("www/link.html", to: "../secret.html")
        host.folder.makeLink("www/linked", to: "..")
        host.folder.makeFolder("www/folder")
        host.folder.makePipe("www/pipe")
        try host.configure("", entry("path=\"\(path)\""))
        let answer = try host.get("/none.txt")
        #expect(answer.status == 404)
        #expect(answer.text.contains(builtIn))
        #expect(services.reports.count == 1)
    }

    @Test
    func aWebConfigNamesNoAbsolutePath() throws {
        let host = try host()
        try host.folder.write("secret.html", "secret")
        try host.configure("", entry("path=\"\(host.folder.path)/secret.html\""))
        #expect(try host.get("/none.txt").text.contains(builtIn))
        try host.configure("", entry("prefixLanguageFilePath=\"\(host.folder.path)\" path=\"secret.html\""))
        host.waitForRecheck()
        #expect(try host.get("/none.txt").text.contains(builtIn))
        #expect(services.reports.contains { $0.contains("only name a path relative to the site") })
    }

    @Test
    func itMayWhereTheServerAllowsIt() throws {
        let host = try host(
            server: "<system.webServer><httpErrors allowAbsolutePathsWhenDelegated=\"true\"/></system.webServer>")
        try host.folder.write("outside.html", "outside")
        try host.configure("", entry("path=\"\(host.folder.path)/outside.html\""))
        #expect(try host.get("/none.txt").text == "outside")
    }

    @Test
    func theServersFileNamesAbsolutePaths() throws {
        let folder = try TestFolder()
        try folder.write("de/404.html", "deutsch")
        try folder.write("404.html", "plain")
        let host = try host(
            server: """
                <system.webServer><httpErrors errorMode="Custom">
                  <error statusCode="404" prefixLanguageFilePath="\(folder.path)" path="404.html"/>
                  <error statusCode="405" path="\(folder.path)/404.html"/>
                </httpErrors></system.webServer>
                """)
        try host.folder.write("www/a.txt", "text")
        #expect(try host.get("/none.txt", headers: [("Accept-Language", "de")]).text == "deutsch")
        var request = TestRequest("/a.txt")
        request.method = "PUT"
        #expect(try host.send(request).text == "plain")
    }

    @Test(arguments: [
        "prefixLanguageFilePath=\"%SystemDrive%\\inetpub\\custerr\" path=\"404.htm\"",
        "prefixLanguageFilePath=\"C:\\inetpub\\custerr\" path=\"404.htm\"", "path=\"C:\\errors\\404.htm\"",
        "path=\"\\\\server\\share\\404.htm\"",
    ])
    func pathsOfWindowsHaveTheBuiltInPage(_ attributes: String) throws {
        let host = try host(
            server:
                "<system.webServer><httpErrors errorMode=\"Custom\"><error statusCode=\"404\" \(attributes)/></httpErrors></system.webServer>"
        )
        #expect(try host.get("/none.txt").text.contains(builtIn))
        #expect(services.reports.isEmpty)
    }

    @Test
    func aPageOfAnotherKindHasItsOwnType() throws {
        let host = try host()
        try host.folder.write("www/lost.json", "{}")
        try host.folder.write("www/lost.unknown", "text")
        try host.configure("", entry("path=\"lost.json\""))
        #expect(try host.get("/none.txt").value("content-type") == "application/json")
        try host.configure("", entry("path=\"lost.unknown\""))
        host.waitForRecheck()
        #expect(try host.get("/none.txt").value("content-type") == "text/html")
    }

    @Test
    func aPageThatIsTooLargeIsNotShown() throws {
        let host = try host()
        try host.folder.write("www/big.html", bytes: Array(repeating: 0x61, count: Int(ErrorFiles.maximumPage) + 1))
        try host.configure("", entry("path=\"big.html\""))
        #expect(try host.get("/none.txt").text.contains(builtIn))
        #expect(services.reports.contains { $0.contains("larger than") })
    }

    @Test
    func aColdFileIsReadElsewhereOnceForAllWhoWait() throws {
        let host = try host()
        try host.folder.write("www/lost.html", "lost")
        try host.configure("", entry("path=\"lost.html\""))
        services.holdsWork = true
        let first = RecordingSink()
        let second = RecordingSink()
        #expect(try host.begin(TestRequest("/1.txt"), first) != nil)
        #expect(try host.begin(TestRequest("/2.txt"), second) != nil)
        #expect(first.head == nil)
        services.finishWork()
        #expect(first.text == "lost")
        #expect(second.text == "lost")
        #expect(first.status == 404)
        // What is known is shown at once, and looked at again when it is old.
        #expect(try host.get("/3.txt").text == "lost")
        try host.folder.write("www/lost.html", "new")
        #expect(try host.get("/3.txt").text == "lost")
        services.now += ErrorFiles.lifetime
        let later = RecordingSink()
        _ = try host.begin(TestRequest("/3.txt"), later)
        services.finishWork()
        #expect(later.text == "new")
    }

    @Test
    func aClientThatLeavesMeanwhileIsForgotten() throws {
        let host = try host()
        try host.folder.write("www/lost.html", "lost")
        try host.configure("", entry("path=\"lost.html\""))
        services.holdsWork = true
        let sink = RecordingSink()
        let request = try #require(try host.begin(TestRequest("/1.txt"), sink))
        request.clientGone()
        services.finishWork()
        #expect(sink.head == nil)
        #expect(try host.get("/2.txt").text == "lost")
    }
}
