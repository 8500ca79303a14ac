import PipelineTesting
import Testing

@testable import Modules

/// Paths that must not leave the folder of their virtual directory, as modules see them: cooked by the router.
struct PathsOutsideTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("outside/secret.txt", "secret")
        try host.folder.write("outside/index.html", "secret")
        try host.folder.write("www/page.txt", "page")
        host.folder.makeFolder("www/folder")
    }

    @Test(arguments: [
        "/../outside/secret.txt", "/folder/../../outside/secret.txt", "/..\\outside\\secret.txt", "/./page.txt",
        "/folder//../page.txt", "//page.txt", "/page.txt\u{0}", "/page.txt\u{0}.html", "/page.txt.", "/page.txt ",
        "/page.txt. .", "/page.txt::$DATA", "/page.txt:::$DATA", "/folder::$INDEX_ALLOCATION/", "/folder./",
        "/folder /",
        "/\\\\server\\share\\page.txt", "/\\\\.\\C:\\page.txt", "/C:/page.txt", "/%2e%2e/outside/secret.txt",
        "/..%2foutside/secret.txt", "/page%00.txt", "/page.txt/", "/page.txt/more",
    ])
    func aPathThatMeansSomethingElseElsewhereNamesNothing(_ path: String) throws {
        let answer = try host.get("/x", path: path)
        #expect(answer.status == 404)
        #expect(!answer.text.contains("secret"))
    }

    /// Names of Windows's devices are names like any other here: no device answers, and files may bear them.
    @Test(arguments: ["con", "nul", "aux.txt", "COM1", "lpt1.html", "prn", "conin$", "clock$"])
    func aDevicesNameIsAFilesName(_ name: String) throws {
        #expect(try host.get("/\(name)").status == 404)
        try host.folder.write("www/\(name).txt", "a file")
        #expect(try host.get("/\(name).txt").text == "a file")
    }

    @Test(arguments: ["../outside/secret.txt", "/etc/hostname", "/dev/zero", "/proc/self/environ", "/proc/self/root"])
    func aLinkThatLeadsOutOfTheFolderLeadsNowhere(_ target: String) throws {
        host.folder.makeLink("www/link.txt", to: target)
        for path in ["/link.txt", "/link.txt/"] { #expect(try host.get(path).status == 404) }
    }

    @Test
    func aFolderThatIsALinkOutOfTheFolderShowsNothing() throws {
        host.folder.makeLink("www/elsewhere", to: "../outside")
        host.folder.makeLink("www/absolute", to: host.folder.path + "/outside")
        for folder in ["elsewhere", "absolute"] {
            for path in ["/\(folder)/secret.txt", "/\(folder)/index.html", "/\(folder)/"] {
                let answer = try host.get(path)
                #expect(answer.status >= 400)
                #expect(!answer.text.contains("secret"))
            }
        }
    }

    @Test
    func aLinkThatStaysInTheFolderIsFollowed() throws {
        host.folder.makeLink("www/folder/link.txt", to: "../page.txt")
        #expect(try host.get("/folder/link.txt").text == "page")
    }

    @Test
    func aPipeIsNotWaitedForAndADeviceIsNotRead() throws {
        host.folder.makePipe("www/pipe.txt")
        #expect(try host.get("/pipe.txt").status == 404)
    }

    @Test(arguments: [
        "bin", "BIN", "App_Code", "app_code", "APP_DATA", "App_Data",
        "App_GlobalResources", "app_localresources", "App_WebReferences", "App_Browsers",
    ])
    func hiddenSegmentsAreNotServedInAnyCaseOfLetters(_ name: String) throws {
        try host.folder.write("www/folder/\(name)/file.txt", "hidden")
        #expect(try host.getLocally("/folder/\(name)/file.txt").detailedStatus == "404.8")
        #expect(try host.getLocally("/folder/\(name)/").detailedStatus == "404.8")
        let answer = try host.getLocally("/folder/\(name)")
        #expect(["404.7", "404.8"].contains(answer.detailedStatus))
        #expect(!answer.text.contains("hidden<"))
    }

    @Test(arguments: ["web.config", "WEB.CONFIG", "Web.Config"])
    func aConfigurationFileIsNotServedInAnyCaseOfLetters(_ name: String) throws {
        try host.folder.write("www/folder/\(name)", "<configuration><!-- secret --></configuration>")
        for path in ["/folder/\(name)", "/folder/\(name)/", "/folder/\(name)/x"] {
            let answer = try host.get(path)
            #expect(answer.status == 404)
            #expect(!answer.text.contains("secret"))
        }
    }

    /// `page.txt/web.config` is no configuration file that could not be read: there is no such folder.
    @Test
    func whatIsAskedForBelowAFileIsNotFound() throws {
        #expect(try host.getLocally("/page.txt/more").detailedStatus == "404.0")
        #expect(try host.getLocally("/page.txt/more/and/more").detailedStatus == "404.0")
        host.folder.makeLink("www/round", to: "round")
        #expect(try host.getLocally("/round/page.txt").detailedStatus == "404.0")
        let long = String(repeating: "a", count: 256)
        #expect(try host.getLocally("/\(long)/page.txt").detailedStatus == "404.0")
    }

    @Test
    func aLinkThatIsReplacedByAFolderIsSeen() throws {
        host.folder.makeLink("www/swap", to: "../outside")
        #expect(try host.get("/swap/secret.txt").status == 404)
        host.folder.remove("www/swap")
        try host.folder.write("www/swap/secret.txt", "mine")
        host.waitForRecheck()
        #expect(try host.get("/swap/secret.txt").text == "mine")
    }
}
