import Glibc
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

@testable import Modules

/// Reference §5.2 and Appendix B: *directoryBrowse*.
struct DirectoryListingTests {
    let host: TestHost
    let services: TestServices

    init() throws {
        let services = TestServices()
        services.holdsWork = true
        self.services = services
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            applications: """
                <application path="/shop" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="FOLDER/shop"/>
                  <virtualDirectory path="/goods" physicalPath="FOLDER/goods"/>
                </application>
                """)
        try host.configure("", "<directoryBrowse enabled=\"true\"/>")
    }

    private func list(_ target: String = "/", path: String? = nil, method: String = "GET") throws -> RecordingSink {
        var request = TestRequest(target, path: path)
        request.method = method
        return try list(request)
    }

    private func list(_ request: TestRequest) throws -> RecordingSink {
        let sink = RecordingSink()
        _ = try host.begin(request, sink)
        services.finishWork()
        return sink
    }

    /// The addresses of a page's rows, in their order.
    private func links(_ page: RecordingSink) -> [String] {
        page.text.split(separator: "<th scope=\"row\"><a href=\"").dropFirst().map { row in
            String(row.prefix { $0 != "\"" })
        }
    }

    @Test
    func aFolderIsListedWithFoldersFirstAndNumbersInNames() throws {
        for name in ["file10.txt", "File9.txt", "b.txt"] { try host.folder.write("www/\(name)", "x") }
        host.folder.makeFolder("www/zoo")
        let answer = try list()
        #expect(answer.status == 200)
        #expect(answer.value("content-type") == "text/html; charset=utf-8")
        #expect(links(answer) == ["/shop/", "/zoo/", "/b.txt", "/File9.txt", "/file10.txt"])
        #expect(answer.text.contains("2 folders, 3 files"))
        #expect(answer.hasEnded)
    }

    @Test
    func nothingIsListedWhereTheSectionDoesNotAllowIt() throws {
        try host.configure("sub", "<directoryBrowse enabled=\"false\"/>")
        #expect(try host.getLocally("/sub/").detailedStatus == "403.14")
    }

    @Test
    func headTellsTheSameWithoutABody() throws {
        let answer = try list(method: "HEAD")
        #expect(answer.status == 200)
        #expect(answer.value("content-type") == "text/html; charset=utf-8")
        #expect(answer.body.isEmpty)
        #expect(answer.hasEnded)
    }

    @Test
    func otherVerbsAreNotAllowed() throws {
        let answer = try list(method: "POST")
        #expect(answer.status == 405)
        #expect(answer.value("allow") == "GET, HEAD, OPTIONS, TRACE")
    }

    @Test(arguments: [
        ("sort=name&order=desc", ["/c.txt", "/b.txt", "/a.txt"]), ("sort=size", ["/b.txt", "/c.txt", "/a.txt"]),
        ("sort=size&order=desc", ["/a.txt", "/c.txt", "/b.txt"]), ("sort=date", ["/c.txt", "/a.txt", "/b.txt"]),
        ("sort=date&order=desc", ["/b.txt", "/a.txt", "/c.txt"]), ("sort=nonsense", ["/a.txt", "/b.txt", "/c.txt"]),
        ("page=-1&=&order", ["/a.txt", "/b.txt", "/c.txt"]),
        ("page=99999999999999999999", ["/a.txt", "/b.txt", "/c.txt"]),
    ])
    func theQueryChoosesTheOrder(_ query: String, _ expected: [String]) throws {
        for (name, size, second) in [("a", 30, 200), ("b", 10, 300), ("c", 20, 100)] {
            try host.folder.write("www/\(name).txt", String(repeating: "x", count: size))
            try host.folder.setModified("www/\(name).txt", seconds: second)
        }
        #expect(links(try list("/?\(query)", path: "/")).filter { $0 != "/shop/" } == expected)
    }

    @Test
    func theSortedColumnSaysSoAndItsLinkTurnsTheOrder() throws {
        let page = try list("/?sort=size", path: "/").text
        #expect(
            page.contains("<th scope=\"col\" aria-sort=\"ascending\"><a href=\"?sort=size&amp;order=desc\">Size</a>"))
        #expect(page.contains("<th scope=\"col\"><a href=\"?sort=name&amp;order=asc\">Name</a>"))
    }

    @Test(arguments: [
        ("Date, Time, Size, Extension", "a.txt", "<span>1994-11-06</span> <span>08:49</span>", true),
        ("Date", "a", "<span>1994-11-06</span>", false), ("Time, Extension", "a.txt", "<span>08:49</span>", false),
        ("LongDate, Size", "a", "<span class=\"long\">Sunday, November 6, 1994</span>", true), ("None", "a", "", false),
    ])
    func showFlagsChooseWhatIsShown(_ flags: String, _ name: String, _ date: String, _ size: Bool) throws {
        try host.configure("sub", "<directoryBrowse enabled=\"true\" showFlags=\"\(flags)\"/>")
        try host.folder.write("www/sub/a.txt", String(repeating: "x", count: 1536))
        let page = try list("/sub/").text
        #expect(page.contains("<bdi>\(name)</bdi>"))
        #expect(page.contains("Changed (UTC)") == !date.isEmpty)
        #expect(page.contains("</time>") == !date.isEmpty)
        #expect(date.isEmpty || page.contains(">\(date)</time>"))
        #expect(page.contains("<data value=\"1536\">1.5 KB</data>") == size)
        #expect(page.contains("href=\"/sub/a.txt\""))
    }

    @Test
    func aColumnThatIsNotShownIsNotSortedBy() throws {
        try host.configure("sub", "<directoryBrowse enabled=\"true\" showFlags=\"Extension\"/>")
        try host.folder.write("www/sub/a.txt", "xxx")
        try host.folder.write("www/sub/b.txt", "x")
        #expect(links(try list("/sub/?sort=size", path: "/sub/")) == ["/sub/a.txt", "/sub/b.txt"])
    }

    @Test
    func namesAreEscapedForTextAndForAddresses() throws {
        let names = ["<script>alert(1)<", "a&b\"'.txt", "50%.txt", "a+b.txt", "q?x#y.txt", "grüße.txt", "javascript:x"]
        for name in names { try host.folder.write("www/\(name)", "x") }
        let page = try list()
        #expect(!page.text.contains("<script"))
        #expect(page.text.contains("<bdi>&lt;script&gt;alert(1)&lt;</bdi>"))
        #expect(page.text.contains("<bdi>a&amp;b&quot;&#39;.txt</bdi>"))
        let expected = [
            "/%3Cscript%3Ealert(1)%3C", "/a&amp;b%22%27.txt", "/50%25.txt", "/a%2Bb.txt", "/q%3Fx%23y.txt",
            "/gr%C3%BC%C3%9Fe.txt", "/javascript:x",
        ]
        #expect(Set(links(page)) == Set(expected + ["/shop/"]))
        #expect(page.value("content-security-policy")?.hasPrefix("default-src 'none'") == true)
    }

    @Test
    func aNameThatWouldReorderThePageIsShownHarmless() throws {
        try host.folder.write("www/photo\u{202E}gpj.exe", "x")
        #expect(try list().text.contains("<bdi>photo\u{FFFD}gpj.exe</bdi>"))
    }

    @Test
    func whatRequestFilteringRefusesIsNotOffered() throws {
        let hidden = ["web.config", "Bin", "APP_DATA", "page.CS", "secret.config", ".htaccess", ".git"]
        try host.configure(
            "sub",
            """
            <directoryBrowse enabled="true"/>
            <security><requestFiltering><hiddenSegments><add segment="private"/></hiddenSegments></requestFiltering></security>
            """)
        for name in hidden.dropFirst() + ["Private", "shown.txt"] { try host.folder.write("www/sub/\(name)", "x") }
        #expect(links(try list("/sub/")) == ["/sub/shown.txt"])
    }

    @Test
    func onlyWhatAURLCanReachIsListed() throws {
        host.folder.makeFolder("www/sub")
        try host.folder.write("www/sub/web.config.", "x")
        for name in ["ends.", "ends ", "a\\b", "a::$DATA", "line\nbreak", "c1\u{85}"] {
            try host.folder.write("www/sub/\(name)", "x")
        }
        let path = Array((host.folder.path + "/www/sub/").utf8) + [0xFF, 0xFE, 0]
        let number = unsafe path.withUnsafeBytes { bytes in
            // Not empty.
            unsafe open(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o644)
        }
        try #require(number >= 0)
        close(number)
        host.folder.makePipe("www/sub/pipe")
        let page = try list("/sub/")
        #expect(links(page).isEmpty)
        #expect(page.text.contains("holds nothing that can be shown"))
    }

    @Test
    func linksThatLeadOutOfTheFolderOfTheSiteAreNotListed() throws {
        try host.folder.write("outside/secret.txt", "secret")
        try host.folder.write("www/sub/own.txt", "own")
        host.folder.makeLink("www/sub/out", to: "../../outside")
        host.folder.makeLink("www/sub/absolute", to: host.folder.path + "/outside/secret.txt")
        host.folder.makeLink("www/sub/broken", to: "nothing")
        host.folder.makeLink("www/sub/in", to: "../sub")
        host.folder.makeLink("www/sub/again.txt", to: "own.txt")
        #expect(links(try list("/sub/")) == ["/sub/in/", "/sub/again.txt", "/sub/own.txt"])
        host.folder.makeLink("www/out", to: "../outside")
        #expect(try list("/out/").status == 404)
    }

    @Test
    func applicationsAndVirtualDirectoriesBelowAreListedAndHideFoldersOfTheirName() throws {
        try host.folder.write("www/Shop/hidden.txt", "x")
        #expect(links(try list()) == ["/shop/"])
        host.folder.makeFolder("shop")
        host.folder.makeFolder("shop/Goods")
        try host.folder.write("shop/web.config", "<configuration/>")
        #expect(links(try list("/shop/")) == ["/shop/goods/"])
    }

    @Test
    func theParentFolderIsALinkAndTheRootHasNone() throws {
        host.folder.makeFolder("www/a b")
        host.folder.makeFolder("www/a b/c")
        let page = try list("/a%20b/c/", path: "/a b/c/").text
        #expect(page.contains("<a href=\"/a%20b/\">Up to the parent folder</a>"))
        #expect(page.contains("<li><a href=\"/\">Home</a></li>\n<li><a href=\"/a%20b/\"><bdi>a b</bdi></a></li>"))
        #expect(try !list().text.contains("parent folder"))
    }

    @Test
    func aLongListingComesInPages() throws {
        host.folder.makeFolder("www/many")
        for number in 1...1001 {
            unsafe symlink("../web.config", "\(host.folder.path)/www/many/\(number)")
        }
        let first = try list("/many/")
        #expect(links(first).count == 1000)
        #expect(first.text.contains("Page 1 of 2"))
        #expect(first.text.contains("0 folders, 1,001 files"))
        #expect(first.text.contains("<a href=\"?sort=name&amp;order=asc&amp;page=2\">Next</a>"))
        let second = try list("/many/?page=2", path: "/many/")
        #expect(links(second) == ["/many/1001"])
        #expect(second.text.contains("<a href=\"?sort=name&amp;order=asc\">Previous</a>"))
        #expect(links(try list("/many/?page=7", path: "/many/")) == ["/many/1001"])
    }

    @Test
    func aFolderThatMayNotBeReadIs401Point3() throws {
        guard geteuid() != 0 else { return }
        host.folder.makeFolder("www/closed")
        unsafe chmod("\(host.folder.path)/www/closed", 0o311)
        defer { unsafe chmod("\(host.folder.path)/www/closed", 0o755) }
        #expect(try list("/closed/").status == 401)
    }

    @Test
    func aFolderThatVanishesBeforeItIsReadIs404() throws {
        host.folder.makeFolder("www/brief")
        let sink = RecordingSink()
        _ = try host.begin(TestRequest("/brief/"), sink)
        host.folder.remove("www/brief")
        services.finishWork()
        #expect(sink.status == 404)
    }

    @Test
    func aClientThatLeavesMeanwhileIsForgotten() throws {
        host.folder.makeFolder("www/slow")
        let sink = RecordingSink()
        let request = try host.begin(TestRequest("/slow/"), sink)
        request?.clientGone()
        services.finishWork()
        #expect(sink.head == nil)
        #expect(try list("/slow/").status == 200)
    }

    @Test
    func thePageIsMadeAsTheClientTakesIt() throws {
        for number in 1...50 { try host.folder.write("www/\(number).txt", "x") }
        let whole = try list()
        let sink = RecordingSink(credit: 7)
        let request = try host.begin(TestRequest("/"), sink)
        services.finishWork()
        #expect(sink.body.count == 7)
        while !sink.hasEnded {
            sink.credit = 1000
            request?.resumeSending()
        }
        #expect(sink.body == whole.body)
    }
}
