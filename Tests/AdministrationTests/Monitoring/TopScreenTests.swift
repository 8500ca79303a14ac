import Administration
import Testing
import Wire

struct TopScreenTests {
    /// The second of two looks: sites with as many requests in the second between them.
    static func looks(_ sites: [(String, UInt64)], pools: [String] = ["Main"]) -> (ServerMetrics, ServerMetrics) {
        var first = SampleMetrics.metrics
        first.sites = sites.enumerated().map {
            .init(id: UInt32($0 + 1), name: $1.0, pools: [], traffic: .init(TrafficCounts(), since: 1))
        }
        first.pools = pools.map { .init(name: $0, state: "started", restartsSince: 1) }
        first.unrouted = .init(TrafficCounts(), since: 1)
        var second = first
        second.time += 1_000_000_000
        for (index, site) in sites.enumerated() {
            for _ in 0..<site.1 {
                second.sites[index].traffic.counts.count(status: 200, nanoseconds: 900_000, received: 1, sent: 1)
            }
        }
        return (first, second)
    }

    static func screen(
        _ sites: [(String, UInt64)] = [("a", 1), ("b", 3), ("c", 2)], columns: Int = 120, rows: Int = 10
    ) -> TopScreen {
        var screen = TopScreen(columns: columns, rows: rows)
        let (first, second) = looks(sites)
        screen.received(first, nil)
        screen.received(second, nil)
        return screen
    }

    static func rows(_ screen: TopScreen) -> [String] {
        screen.lines.dropFirst(3).dropLast().map { String($0.text.prefix { $0 != " " }) }.filter { !$0.isEmpty }
    }

    static func press(_ screen: inout TopScreen, _ keys: String) {
        for key in keys { #expect(screen.press(.character(key)) == true) }
    }

    @Test func theBusiestSiteComesFirst() {
        #expect(Self.rows(Self.screen()) == ["b", "c", "a"])
    }

    @Test func theFirstLineTellsOfAllSites() {
        #expect(Self.screen().lines[0].text.hasPrefix("Hostelry 0.1  6.0 req/s  0 4xx/s  0 5xx/s  p99 1.00 ms"))
    }

    @Test func aDigitSortsByItsColumnAndRTurnsTheOrderRound() {
        var screen = Self.screen()
        Self.press(&screen, "0")
        #expect(Self.rows(screen) == ["a", "b", "c"])
        Self.press(&screen, "r")
        #expect(Self.rows(screen) == ["c", "b", "a"])
        Self.press(&screen, "s")
        #expect(Self.rows(screen) == ["b", "c", "a"] && screen.lines[2].text.contains("REQ/S↓"))
    }

    @Test func theChosenRowStaysChosenWhereverItMoves() {
        var screen = Self.screen()
        #expect(screen.press(.down) == true)
        #expect(screen.lines.first { $0.style == .selected }?.text.hasPrefix("c ") == true)
        Self.press(&screen, "0")
        #expect(screen.lines.first { $0.style == .selected }?.text.hasPrefix("c ") == true)
        #expect(screen.lines[5].style == .selected)
        Self.press(&screen, "kkkkk")
        #expect(screen.lines[3].style == .selected)
    }

    @Test func theChosenRowIsSeenWhereThereAreMoreThanFit() {
        var screen = Self.screen((0..<100).map { ("site\($0 + 100)", UInt64(100 - $0)) }, rows: 8)
        for key in [TopKey.end, .pageUp, .home, .pageDown] {
            #expect(screen.press(key) == true)
            #expect(screen.lines.count == 8)
            #expect(screen.lines.contains { $0.style == .selected })
        }
        #expect(screen.lines.first { $0.style == .selected }?.text.hasPrefix("site104") == true)
    }

    @Test(arguments: [(1, 1), (3, 2), (20, 3), (40, 5), (79, 24), (200, 60)])
    func noLineIsWiderThanTheTerminalAndThereAreNoMoreThanItsRows(_ columns: Int, _ rows: Int) {
        var screen = Self.screen([(String(repeating: "long name ", count: 30), 5), ("b", 1)])
        screen.resize(columns: columns, rows: rows)
        for key in ["", "p", "?", "/"] {
            Self.press(&screen, key)
            #expect(screen.lines.count == rows)
            #expect(screen.lines.allSatisfy { $0.text.count <= columns })
        }
    }

    @Test func absurdNumbersEndNothing() {
        var earlier = SampleMetrics.metrics
        earlier.time = .min
        var later = SampleMetrics.metrics
        later.time = .max
        later.sites[0].pools = ["Main", "Idle"]
        for index in later.pools.indices {
            later.pools[index].memory = .max
            later.pools[index].restarts = .init(started: .max, recycled: .max, crashed: .max)
        }
        var screen = TopScreen(columns: 200, rows: 24)
        screen.received(earlier, nil)
        screen.received(later, nil)
        #expect(screen.lines.contains { $0.text.contains("\(UInt64.max)".prefix(8)) })
    }

    @Test func theFilterLeavesNamesThatHoldIt() {
        var screen = Self.screen([("shop", 1), ("blog", 3), ("SHOP-test", 2)])
        Self.press(&screen, "/shoq")
        #expect(screen.press(.backspace) == true)
        Self.press(&screen, "p")
        #expect(Self.rows(screen) == ["SHOP-test", "shop"] && screen.lines.last?.text == "/shop_")
        #expect(screen.press(.enter) == true)
        // Keys are keys again.
        Self.press(&screen, "j")
        #expect(screen.lines.first { $0.style == .selected }?.text.hasPrefix("shop ") == true)
        #expect(screen.press(.escape) == true)
        #expect(Self.rows(screen).count == 3)
    }

    @Test func enterShowsTheRequestsOfTheChosenSite() throws {
        var screen = Self.screen()
        #expect(!screen.wantsRequests)
        #expect(screen.press(.enter) == true)
        #expect(screen.wantsRequests)
        #expect(screen.lines[3].text == "Asking the server.")
        let list = RequestList([
            .init(
                "requests",
                .array([Self.request("b", "/fast", 20), Self.request("b", "/slow", 90_000), Self.request("a", "/x", 1)])
            )
        ])
        let (_, second) = Self.looks([("a", 1), ("b", 3), ("c", 2)])
        screen.received(second, list)
        #expect(screen.lines[2].text == "Requests in work of the site \"b\": 2")
        #expect(screen.lines[3].text.hasPrefix("1 min 30 s  GET /slow") && screen.lines[4].text.hasPrefix("20 ms"))
        #expect(screen.press(.escape) == true)
        #expect(!screen.wantsRequests)
        #expect(Self.rows(screen) == ["b", "c", "a"])
    }

    static func request(_ site: String, _ url: String, _ milliseconds: Int) -> JSONValue {
        .object([
            "site": .text(site), "pool": .text("Main"), "worker": .integer(1), "verb": .text("GET"), "url": .text(url),
            "client": .text("127.0.0.1:1"), "stage": .text("BeginRequest"), "module": .text("M"),
            "milliseconds": .integer(milliseconds),
        ])
    }

    @Test func requestsAreChosenBySitePoolAndTime() throws {
        let list = try #require(
            RequestList([
                .init(
                    "requests", .array([Self.request("a", "/1", 999), Self.request("A", "/2", 1000)]))
            ]))
        #expect(list.only(site: "a", pool: "main", atLeast: 1_000_000_000).lines.count == 1)
        #expect(list.only(site: "b").isEmpty && list.lines[0].hasPrefix("1000 ms  GET /2  M (BeginRequest)"))
    }

    @Test func aServerThatIsAwayLeavesWhatIsKnownAndGoesOnWhenItIsBack() {
        var screen = Self.screen()
        screen.lost("no server runs\u{1b}[2J")
        #expect(screen.lines[1].style == .alert && Self.rows(screen) == ["b", "c", "a"])
        #expect(screen.lines[1].text == "The server is away (no server runs\\u001b[2J); trying again.")
        let (first, second) = Self.looks([("z", 1)])
        screen.received(first, nil)
        screen.received(second, nil)
        #expect(screen.lines[1].style == .dim && Self.rows(screen) == ["z"])
    }

    @Test func nothingSteersTheTerminal() {
        var screen = Self.screen([("evil\u{1b}]0;x\u{7}\n", 2)])
        for key in ["", "/\u{9b}", "?"] {
            Self.press(&screen, key)
            let all = screen.lines.map(\.text).joined()
            #expect(all.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f..<0xa0 ~= $0.value) })
        }
    }

    @Test func qAndControlCEndIt() {
        var screen = Self.screen()
        let (afterQ, afterInterrupt) = (screen.press(.character("q")), screen.press(.interrupt))
        #expect(!afterQ && !afterInterrupt)
        Self.press(&screen, "/q")
        let goesOn = screen.press(.interrupt)
        #expect(!goesOn)
    }

    @Test func pChangesBetweenSitesAndPools() {
        var screen = Self.screen()
        Self.press(&screen, "p")
        #expect(Self.rows(screen) == ["Main"] && screen.lines[2].text.hasPrefix("POOL"))
        #expect(screen.press(.enter) == true)
        #expect(screen.lines[2].text.hasPrefix("Requests in work of the pool \"Main\""))
    }
}

struct TopKeyReaderTests {
    @Test func keysComeAsTerminalsSendThem() {
        var reader = TopKeyReader()
        #expect(
            reader.keys(Array("q\u{1b}[A\u{1b}OB\u{1b}[5~\u{1b}[6~\r\u{7f}".utf8)) == [
                .character("q"), .up, .down, .pageUp, .pageDown, .enter, .backspace,
            ])
        #expect(reader.keys([27]) == [.escape])
        #expect(reader.keys([3]) == [.interrupt])
        #expect(reader.keys(Array("\u{1b}[H\u{1b}[4~".utf8)) == [.home, .end])
    }

    @Test func aSequenceOrCharacterMayComeInPieces() {
        var reader = TopKeyReader()
        #expect(reader.keys([27, 91]) == [])
        #expect(reader.keys([65]) == [.up])
        #expect(reader.keys([0xc3]) == [])
        #expect(reader.keys([0xa4, 106]) == [.character("ä"), .character("j")])
    }

    @Test func whatIsNoKeyIsPassedOver() {
        var reader = TopKeyReader()
        #expect(reader.keys(Array("\u{1b}[200~\u{1b}[1;5Cj".utf8)) == [.character("j")])
        #expect(reader.keys([0, 1, 0x80, 0xff, 0xff, 0xff, 0xff]) == [])
        // A sequence without an end is given up.
        #expect(reader.keys([27, 91] + Array(repeating: 48, count: 40)) == [])
        #expect(reader.keys([113]) == [.character("q")])
    }
}
