import Configuration
import Testing

@testable import HostModel

/// What is read by its differences equals what is read whole.
@Suite struct HostConfigurationTests {
    private func read(_ text: String) throws -> HostConfiguration {
        try HostConfiguration(
            ServerConfiguration(bytes: Array(text.utf8), path: "/etc/a.config", variables: ["ROOT": "/srv"])
        ) { $0.problems }
    }

    /// Everything of a version that somebody could see, lines too.
    private func description(_ version: HostConfiguration) -> [String] {
        let model = version.model
        var lines = model.sites.map { site in
            let bindings = site.bindings.map { "\($0.information)@\($0.line.number)" }
            let applications = site.applications.map { application in
                let folders = application.virtualDirectories.map { "\($0.path)=\($0.physicalPath)@\($0.line.number)" }
                let why = application.quarantine.map(text)
                return "\(application.path)>\(application.pool)@\(application.line.number) \(folders) \(why)"
            }
            return "site \(site.name) \(site.id) @\(site.line.number) \(bindings) \(applications) \(site.limits) "
                + "\(site.log.directory) \(site.serverAutoStart) \(site.quarantine.map(text).sorted())"
        }
        lines += model.pools.map { pool in
            "pool \(pool.name) @\(pool.line.number) \(pool.queueLength) \(pool.processModel.idleTimeout) \(pool.quarantine.map(text).sorted())"
        }
        lines += model.problems.map(text).sorted()
        lines += model.locationTexts.map { "\($0): \($1)" }.sorted()
        for pool in ["P1", "p2", "P3", "None"] {
            lines.append(String(decoding: version.slice(ofPool: pool), as: UTF8.self))
        }
        return lines
    }

    private func text(_ problem: Problem) -> String {
        "\(problem.severity) \(problem.file):\(problem.line.number) \(problem.object) \(problem.message)"
    }

    /// A file with every kind of thing in it, put together anew after each edit.
    private struct RandomFile {
        var random: Seeded
        var sites: [String] = []
        var pools: [String] = []
        var locations: [String] = []
        var gaps: [String] = ["", "\n", "<!-- <site name=\"no\"/> -->", "\n\n\t", "<!--x-->", "<?p i?>\n"]
        var server = "<system.webServer><directoryBrowse enabled=\"true\"/></system.webServer>"
        var defaults = "<siteDefaults><logFile directory=\"/logs\"/></siteDefaults>"
        var lastID = 0

        init(seed: UInt64) {
            random = Seeded(state: seed)
            for number in 1...3 { pools.append(pool("P\(number)")) }
            for _ in 1...12 { sites.append(site()) }
            for number in [2, 5] { locations.append(location("S\(number)")) }
        }

        mutating func pick(_ list: [String]) -> String { list.randomElement(using: &random) ?? "" }

        /// True once in so many times.
        mutating func rare(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }

        mutating func pool(_ name: String) -> String {
            let inside = pick([
                "", "", "<processModel idleTimeout=\"00:0\(Int.random(in: 1...9, using: &random)):00\"/>",
                "<recycling/>\n", "<unknown/>",
            ])
            return "<add name=\"\(name)\" queueLength=\"\(Int.random(in: 10...20, using: &random))\">\(inside)</add>"
        }

        mutating func site() -> String {
            lastID += 1
            let number =
                rare(16) ? Int.random(in: 1...lastID, using: &random) : lastID
            let pool = pick(["P1", "p2", "P3", "P1", "P4", ""])
            let host = rare(12) ? "S1" : rare(4) ? "*.s\(number)" : "s\(number)"
            let name = rare(16) ? "s1" : "S\(number)"
            let folder = pick(["/srv/\(number)", "%ROOT%/\(number)", "www", "C:\\x", "/ü"])
            let more = pick([
                "", "", "<limits maxConnections=\"7\"/>", "<logFile logFormat=\"IIS\"/>", "<oops/>", "\n\n",
                "<logFile directory=\"/own/\(number)\"/>",
                "<bindings2/>",
                "<application path=\"/a\" applicationPool=\"P2\"><virtualDirectory path=\"/\" physicalPath=\"/a\"/></application>",
            ])
            let `protocol` = pick(["http", "http", "http", "https", "net.tcp"])
            let port = pick(["80", "80", "8080", "0"])
            let attributes = pick(["", "", " serverAutoStart=\"false\"", " colour=\"red\""])
            return """
                <site name="\(name)" id="\(number)"\(attributes)>
                  <application path="/" applicationPool="\(pool)">
                    <virtualDirectory path="/" physicalPath="\(folder)"/>
                  </application>\(more)
                  <bindings><binding protocol="\(`protocol`)" bindingInformation="*:\(port):\(host)"/></bindings>
                </site>
                """
        }

        mutating func location(_ site: String) -> String {
            let path = rare(20) ? pick([".", ""]) : pick([site, "\(site)/a", "\(site.lowercased())/b", "Gone/x"])
            let inside =
                rare(20)
                ? "<nothing/>"
                : pick([
                    "<directoryBrowse enabled=\"true\"/>", "<directoryBrowse/>", "<directoryBrowse enabled=\"maybe\"/>",
                ])
            return "<location path=\"\(path)\"><system.webServer>\(inside)</system.webServer></location>"
        }

        mutating func edit() {
            func place(_ count: Int, _ random: inout Seeded) -> Int {
                Int.random(in: 0...max(0, count), using: &random)
            }
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<5:
                if !sites.isEmpty { sites[Int.random(in: 0..<sites.count, using: &random)] = site() }
            case 5..<8: sites.insert(site(), at: place(sites.count, &random))
            case 8..<10:
                if !sites.isEmpty { sites.remove(at: Int.random(in: 0..<sites.count, using: &random)) }
            case 10:
                if sites.count > 2 { sites.swapAt(0, Int.random(in: 1..<sites.count, using: &random)) }
            case 11:
                let name = "P\(Int.random(in: 1...4, using: &random))"
                pools.insert(pool(name), at: place(pools.count, &random))
            case 12:
                if !pools.isEmpty { pools.remove(at: Int.random(in: 0..<pools.count, using: &random)) }
            case 13:
                if !pools.isEmpty {
                    let name = "P\(Int.random(in: 1...3, using: &random))"
                    pools[Int.random(in: 0..<pools.count, using: &random)] = pool(name)
                }
            case 14:
                locations.insert(
                    location("S\(Int.random(in: 1...9, using: &random))"), at: place(locations.count, &random))
            case 15:
                if !locations.isEmpty { locations.remove(at: Int.random(in: 0..<locations.count, using: &random)) }
            case 16: gaps.swapAt(0, Int.random(in: 1..<gaps.count, using: &random))
            case 17:
                // A new pool with a new site in it, as programs make them.
                pools.append(pool("P\(lastID + 10)"))
                sites.append(site().replacing("\"P1\"", with: "\"P\(lastID + 9)\""))
            case 18:
                server = pick([
                    "<system.webServer><directoryBrowse/></system.webServer>", "", "<!-- -->",
                    "<system.webServer><directoryBrowse enabled=\"perhaps\"/></system.webServer>",
                ])
            default:
                defaults = pick([
                    "", "<siteDefaults><logFile logFormat=\"NCSA\"/></siteDefaults>",
                    "<applicationDefaults applicationPool=\"P2\"/>", "<clear/>",
                ])
            }
        }

        var text: String {
            let tail = locations.joined(separator: gaps[2])
            return """
                <?xml version="1.0"?>
                <configuration>\(gaps[0])
                <system.applicationHost>\(gaps[3])
                <applicationPools>\(pools.joined(separator: gaps[1]))</applicationPools>\(gaps[4])
                <sites>\(defaults)\(sites.joined(separator: gaps[0]))\(gaps[5])</sites>
                </system.applicationHost>\(server)\(tail)
                </configuration>

                """
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func aRandomEditIsReadAsTheWholeFileWouldBe(_ seed: UInt64) throws {
        var file = RandomFile(seed: seed)
        var version = try read(file.text)
        var last = file.text
        for step in 0..<60 {
            for _ in 0...Int.random(in: 0..<10, using: &file.random) / 8 { file.edit() }
            var text = file.text
            if Int.random(in: 0..<10, using: &file.random) == 0 {
                // As a writer without manners leaves it.
                let cut = text.utf8.index(
                    text.startIndex, offsetBy: Int.random(in: 0..<text.utf8.count, using: &file.random))
                var bytes = Array(text.utf8)
                bytes.removeSubrange(
                    text.utf8.distance(
                        from: text.startIndex, to: cut)..<min(
                            bytes.count, text.utf8.distance(from: text.startIndex, to: cut) + 3))
                text = String(decoding: bytes, as: UTF8.self)
            }
            let whole = Result { try read(text) }
            do {
                guard let next = try version.following(Array(text.utf8)) else {
                    #expect(text == last)
                    continue
                }
                let expected = description(try whole.get())
                let found = description(next)
                #expect(found == expected, "seed \(seed), step \(step)")
                guard found == expected else { return }
                version = next
                last = text
            } catch {
                guard case .failure = whole else {
                    Issue.record("seed \(seed), step \(step): \(error)")
                    return
                }
            }
        }
    }

    @Test func sitesThatDidNotChangeAreKept() throws {
        let sites = (1...20).map { siteText("S\($0)", id: $0) }
        func text(_ sites: [String]) -> String {
            "<configuration><system.applicationHost><applicationPools><add name=\"P\"/></applicationPools>"
                + "<sites>\(sites.joined(separator: "\n"))</sites></system.applicationHost></configuration>"
        }
        let one = try read(text(sites))
        var changed = sites
        changed[4] = siteText("S5", id: 5, path: "/srv/other", more: "\n\n\n")
        let next = try #require(try one.following(Array(text(changed).utf8)))
        let origins = next.model.siteOrigins(in: one.model)
        #expect((0..<20).map { origins[$0] } == (0..<20).map { $0 == 4 ? nil : $0 })
        #expect(origins.fresh == [4] && origins.gone == [4] && origins.keepsPlaces)
        #expect(next.model.poolOrigins(in: one.model).fresh == [])
        #expect(next.model.sites[19].line.number == one.model.sites[19].line.number + 3)
        #expect(one.model.changes(to: next.model).count == 1)
        #expect(try next.following(Array(text(changed).utf8)) == nil)
    }

    /// Each of these opens or closes more than it seems to.
    @Test(arguments: [
        "</sites><sites>", "<!--", "-->", "<![CDATA[", "]]>", "<x>", "</site>", "<site name='X' id='9'/><other/>",
        "&amp;",
        "&nbsp;", "</sites></system.applicationHost><system.applicationHost><sites>", "<add name='Q'/>", "\u{0}",
        "<p:site xmlns:p='u' name='X' id='9'/>",
    ])
    func whatStandsBetweenSitesIsReadAsInTheWhole(_ piece: String) throws {
        func text(_ piece: String) -> String {
            "<configuration><system.applicationHost><applicationPools><add name=\"P\"/></applicationPools>"
                + "<sites>\(siteText("A", id: 1))\(piece)\(siteText("B", id: 2))<!-- - --></sites></system.applicationHost>"
                + "</configuration>"
        }
        let one = try read(text(""))
        let whole = Result { try read(text(piece)) }
        let found = Result { try one.following(Array(text(piece).utf8)) }
        switch (whole, found) {
        case (.success(let whole), .success(let found?)): #expect(description(found) == description(whole))
        case (.failure(let one), .failure(let other)): #expect("\(one)" == "\(other)")
        default: Issue.record("\(whole) and \(found) differ")
        }
    }
}

/// The same numbers for the same seed.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
