import EventLoop
import PipelineTesting
import Testing
import Wire

/// What the worker marks for the router's cache, and when it takes the mark back.
struct CacheWatchTests {
    let driver: WorkerDriver

    init() throws {
        driver = try WorkerDriver()
        try driver.folder.write("www/a.txt", "content")
    }

    /// The mark of an answer on stream `number`.
    func ask(_ link: RouterDouble, _ number: UInt32, _ request: TestRequest = TestRequest("/a.txt")) -> CacheMark? {
        link.send(request, stream: number)
        #expect(driver.wait { link[number].hasEnded })
        return link[number].head?.cache
    }

    /// Asks until the answer is marked: a file that was just written is not. Streams from `number` on.
    func askUntilMarked(
        _ link: RouterDouble, from number: UInt32 = 1, _ request: TestRequest = TestRequest("/a.txt")
    ) throws -> CacheMark {
        var (number, mark) = (number, ask(link, number, request))
        _ = driver.wait {
            if mark != nil { return true }
            number += 1
            mark = ask(link, number, request)
            return mark != nil
        }
        return try #require(mark)
    }

    @Test
    func aFileThatIsAskedForOftenIsMarkedAndFlushedWhenItChanges() throws {
        try driver.configure()
        let link = try driver.link()
        #expect(ask(link, 2000) == nil)
        let mark = try askUntilMarked(link)
        #expect(mark.seconds <= 30 && ask(link, 2001)?.token == mark.token)
        try driver.folder.write("www/a.txt", "changed content")
        #expect(driver.wait { !link.flushes.isEmpty })
        #expect(link.flushes == [mark.token])
        // The new content is asked for often just as well.
        let next = try askUntilMarked(link, from: 1000)
        #expect(next.token != mark.token && link[1000].text == "changed content")
    }

    @Test
    func theFlushComesBeforeAnAnswerWithTheNewContent() throws {
        try driver.configure()
        let link = try driver.link()
        let mark = try askUntilMarked(link)
        try driver.folder.write("www/a.txt", "changed content")
        link.send(TestRequest("/a.txt?x"), stream: 3000)
        #expect(driver.wait { link[3000].hasEnded })
        #expect(link[3000].text == "changed content" && link.flushes == [mark.token])
    }

    @Test
    func aFileThatIsGoneIsFlushed() throws {
        try driver.configure()
        let link = try driver.link()
        let mark = try askUntilMarked(link)
        driver.folder.remove("www/a.txt")
        #expect(driver.wait { link.flushes == [mark.token] })
    }

    @Test
    func anExchangedLinkAboveTheFileIsSeen() throws {
        try driver.folder.write("www/one/b.txt", "one")
        try driver.folder.write("www/two/b.txt", "other")
        driver.folder.makeLink("www/current", to: "one")
        try driver.configure()
        let link = try driver.link()
        let mark = try askUntilMarked(link, from: 1, TestRequest("/current/b.txt"))
        driver.folder.remove("www/current")
        driver.folder.makeLink("www/current", to: "two")
        #expect(driver.wait { link.flushes == [mark.token] })
    }

    @Test(arguments: ["www/web.config", "www/folder/web.config"])
    func aWebConfigThatComesFlushesEverything(_ file: String) throws {
        try driver.folder.write("www/folder/a.txt", "content")
        try driver.configure()
        let link = try driver.link()
        _ = try askUntilMarked(link, from: 1, TestRequest("/folder/a.txt"))
        try driver.folder.write(file, "<configuration><system.webServer/></configuration>")
        #expect(driver.wait { link.flushes == [0] })
    }

    @Test
    func anotherConfigurationFlushesEverything() throws {
        try driver.configure()
        let link = try driver.link()
        _ = try askUntilMarked(link)
        try driver.configure("<system.webServer/>")
        #expect(driver.wait { link.flushes == [0] })
    }

    @Test
    func everyLinkHearsOfIt() throws {
        try driver.configure()
        let (one, other) = (try driver.link(), try driver.link())
        #expect(try askUntilMarked(one).token == ask(other, 1)?.token)
        try driver.folder.write("www/a.txt", "changed content")
        #expect(driver.wait { one.flushes.count == 1 && other.flushes.count == 1 })
    }

    @Test
    func anAnswerWithNewContentWaitsUntilEveryLoopOfTheRouterHasHeardOfIt() throws {
        try driver.configure()
        let (one, other) = (try driver.link(), try driver.link())
        _ = try askUntilMarked(one)
        #expect(ask(other, 1) != nil)
        other.answersPings = false
        try driver.folder.write("www/a.txt", "changed content")
        for link in [one, other] { link.send(TestRequest("/a.txt?x"), stream: 3000) }
        #expect(driver.wait { one.flushes.count == 1 && other.flushes.count == 1 })
        for _ in 0..<20 { driver.loop.turn(maximumWait: 0) }
        #expect(!one[3000].hasEnded && !other[3000].hasEnded)
        // A client that leaves meanwhile is no obstacle.
        one.reset(stream: 3000)
        for _ in 0..<20 { driver.loop.turn(maximumWait: 0) }
        other.answerPings()
        #expect(driver.wait { other[3000].hasEnded })
        #expect(other[3000].text == "changed content" && !one[3000].hasEnded)
        // Nor is a loop that goes.
        other.answersPings = false
        _ = try askUntilMarked(one, from: 1000)
        try driver.folder.write("www/a.txt", "third content")
        one.send(TestRequest("/a.txt?x"), stream: 3001)
        #expect(driver.wait { other.flushes.count == 2 })
        other.close()
        #expect(driver.wait { one[3001].hasEnded })
        #expect(one[3001].text == "third content")
    }

    @Test
    func whatIsNotTheSameForAllIsNotMarked() throws {
        try driver.folder.write("www/b/index.html", "page")
        try driver.configure()
        let link = try driver.link()
        var number: UInt32 = 0
        var head = TestRequest("/a.txt")
        head.method = "HEAD"
        for request in [TestRequest("/a.txt?x"), head, TestRequest("/b/"), TestRequest("/none.txt")] {
            for _ in 0..<3 {
                number += 1
                #expect(ask(link, number, request) == nil, "\(request.target)")
            }
        }
    }
}
