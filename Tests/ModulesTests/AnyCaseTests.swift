import Modules
import PipelineTesting
import Testing

/// Virtual directories with `caseSensitive="false"`: URLs name files as they do on Windows.
struct AnyCaseTests {
    let host: TestHost

    init() throws {
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            applications: """
                <application path="/win" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="FOLDER/win" caseSensitive="false"/>
                </application>
                """)
        host.folder.makeFolder("win")
    }

    @Test
    func filesAreFoundInAnyCaseOfLetters() throws {
        try host.folder.write("win/Images/Logo.TXT", "logo")
        #expect(try host.get("/win/images/logo.txt").text == "logo")
        #expect(try host.get("/WIN/IMAGES/LOGO.txt").text == "logo")
        #expect(try host.get("/win/Images/Logo.TXT").text == "logo")
    }

    @Test
    func lettersOutsideASCIIHaveCasesToo() throws {
        try host.folder.write("win/ÜBER.txt", "letters")
        #expect(try host.get("/win/%C3%BCber.txt", path: "/win/über.txt").text == "letters")
    }

    @Test
    func aNameThatIsWrittenAsAskedForGoesBeforeOthers() throws {
        try host.folder.write("win/A.txt", "great")
        try host.folder.write("win/a.txt", "small")
        #expect(try host.get("/win/A.txt").text == "great")
        #expect(try host.get("/win/a.txt").text == "small")
    }

    @Test
    func whereSeveralSpellingsFitTheFirstInByteOrderIsMeant() throws {
        try host.folder.write("win/rEAD.txt", "second")
        try host.folder.write("win/READ.txt", "first")
        #expect(try host.get("/win/read.txt").text == "first")
    }

    @Test
    func elsewhereTheCaseOfLettersCounts() throws {
        try host.folder.write("www/A.txt", "great")
        #expect(try host.get("/A.txt").status == 200)
        #expect(try host.get("/a.txt").status == 404)
    }

    @Test
    func filesThatComeAndGoAreNoticed() throws {
        #expect(try host.get("/win/new.txt").status == 404)
        try host.folder.write("win/New.txt", "new")
        host.waitForRecheck()
        #expect(try host.get("/win/new.txt").text == "new")
        host.folder.remove("win/New.txt")
        try host.folder.write("win/NEW.TXT", "newer")
        host.waitForRecheck()
        #expect(try host.get("/win/new.txt").text == "newer")
    }

    @Test
    func defaultDocumentsAreFoundInAnyCaseOfLetters() throws {
        try host.folder.write("win/Shop/INDEX.HTML", "welcome")
        #expect(try host.get("/win/shop/").text == "welcome")
    }

    @Test
    func theConfigurationOfAFolderHoldsHoweverItIsSpelled() throws {
        try host.folder.write("win/Private/page.txt", "secret")
        try host.folder.write(
            "win/Private/web.config",
            """
            <configuration><system.webServer><security><requestFiltering>
            <fileExtensions><add fileExtension=".txt" allowed="false"/></fileExtensions>
            </requestFiltering></security></system.webServer></configuration>
            """)
        #expect(try host.get("/win/Private/page.txt").status == 404)
        #expect(try host.get("/win/pRIVATE/PAGE.TXT").status == 404)
        #expect(try host.get("/win/private/page.txt").status == 404)
    }

    @Test
    func pathsThatLeadOutAreRefusedInAnyCase() throws {
        try host.folder.write("outside/Secret.txt", "secret")
        host.folder.makeLink("win/Link", to: "\(host.folder.path)/outside")
        #expect(try host.get("/win/link/secret.txt").status != 200)
        #expect(try host.get("/win/Link/Secret.txt").status != 200)
    }

    @Test
    func aFolderDoesNotAnswerForALinkOfAnotherSpellingThatLeadsOut() throws {
        try host.folder.write("outside/x.txt", "secret")
        try host.folder.write("win/Data/x.txt", "data")
        host.folder.makeLink("win/data", to: "\(host.folder.path)/outside")
        #expect(try host.get("/win/Data/x.txt").text == "data")
        #expect(try host.get("/win/data/x.txt").status == 404)
    }
}
