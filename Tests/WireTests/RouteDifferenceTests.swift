import Testing

@testable import Wire

@Suite struct RouteDifferenceTests {
    static func site(_ id: UInt32, _ name: String = "s", log: UInt32? = nil) -> RouteTable.Site {
        RouteTable.Site(
            id: id, name: name, bindings: [.init(port: 80, host: .exact("\(name)\(id).test"))],
            applications: [.init(path: "/", pool: 1)], log: log)
    }

    static func log(_ directory: String) -> LogSettings {
        LogSettings(
            directory: directory, isCentral: false, fields: [.uriStem], period: .daily, truncateSize: 1,
            rollsOverInLocalTime: false)
    }

    private let pool = RouteTable.Pool(id: 1, name: "P", queueLength: 10, state: .started)

    private func table(_ sites: [RouteTable.Site], logs: [LogSettings] = [Self.log("/a")]) -> RouteTable {
        RouteTable(pools: [pool], sites: sites, logs: logs)
    }

    @Test func sitesThatCameWentAndChangedAreTold() throws {
        let old = table((1...9).map { Self.site($0, log: 0) })
        var sites = old.sites
        sites[6] = Self.site(7, "other", log: 0)
        sites.remove(at: 2)
        sites.insert(Self.site(12, log: 0), at: 0)
        let difference = try #require(RouteDifference(from: old, to: table(sites)))
        #expect(difference.removedSites == [3])
        #expect(Set(difference.sites.map(\.id)) == [7, 12])
        #expect(difference.logs == [Self.log("/a")])
        #expect(try #require(RouteDifference(from: old, to: old)).isEmpty)
    }

    @Test func poolsThatCameWentAndChangedAreTold() throws {
        var old = table([])
        old.pools += [.init(id: 2, name: "Q", queueLength: 1, state: .started)]
        var new = table([])
        new.pools[0].state = .offline
        let difference = try #require(RouteDifference(from: old, to: new))
        #expect(difference.removedPools == [2] && difference.pools == new.pools)
    }

    @Test func anotherNumberOfTheSameLogIsNoChange() throws {
        let old = table([Self.site(1, log: 0), Self.site(2, log: 1)], logs: [Self.log("/a"), Self.log("/b")])
        let same = table([Self.site(1, log: 1), Self.site(2, log: 0)], logs: [Self.log("/b"), Self.log("/a")])
        #expect(try #require(RouteDifference(from: old, to: same)).isEmpty)
        let other = table([Self.site(1, log: 1), Self.site(2, log: 1)], logs: [Self.log("/b"), Self.log("/a")])
        let difference = try #require(RouteDifference(from: old, to: other))
        #expect(difference.sites.map(\.id) == [2] && difference.logs == [Self.log("/a")])
        #expect(difference.sites[0].log == 0)
    }

    @Test func whereTwoSitesHaveOneIdThereIsNoDifference() {
        let one = table([Self.site(1), Self.site(1, "b"), Self.site(2)])
        #expect(RouteDifference(from: one, to: table([Self.site(1), Self.site(1, "c"), Self.site(2)])) == nil)
        #expect(RouteDifference(from: one, to: table([Self.site(1), Self.site(2)])) == nil)
        #expect(RouteDifference(from: table([Self.site(1), Self.site(2)]), to: one) == nil)
        #expect(RouteDifference(from: one, to: table([Self.site(1), Self.site(1, "b"), Self.site(2, "x")])) != nil)
    }

    /// What whoever has the old sites makes of a difference; the logs' numbers become the logs.
    private func sites(of table: RouteTable, after difference: RouteDifference?) -> [UInt32: String] {
        func texts(_ sites: [RouteTable.Site], _ logs: [LogSettings]) -> [UInt32: String] {
            Dictionary(
                sites.map { site in
                    let log = site.log.map { logs[Int($0)].directory }
                    return (site.id, "\(site.name) \(site.state) \(site.bindings) \(String(describing: log))")
                }, uniquingKeysWith: { first, _ in first })
        }
        var known = texts(table.sites, table.logs)
        guard let difference else { return known }
        for id in difference.removedSites { known[id] = nil }
        known.merge(texts(difference.sites, difference.logs)) { _, new in new }
        return known
    }

    @Test func aDifferenceMakesTheNewSitesOfTheOldOnes() throws {
        var old = table((1...12).map { Self.site($0, log: 0) })
        var last: UInt32 = 100
        for step in 0..<400 {
            var new = old
            for _ in 0...Int.random(in: 0..<3) {
                let place = Int.random(in: 0..<max(1, new.sites.count))
                switch Int.random(in: 0..<6) {
                case 0 where new.sites.count > 1: new.sites.remove(at: place)
                case 1:
                    last += 1
                    new.sites.insert(Self.site(last, log: 0), at: place)
                case 2 where new.sites.count > 1: new.sites.swapAt(0, place)
                case 3: new.logs = Bool.random() ? [Self.log("/b"), Self.log("/a")] : [Self.log("/a"), Self.log("/b")]
                case 4: new.sites[place].state = Bool.random() ? .stopped : .started
                default: new.sites[place] = Self.site(new.sites[place].id, "n\(step)", log: 0)
                }
            }
            // What is not a copy may be the same.
            if Bool.random() {
                new.sites = new.sites.map { site in
                    RouteTable.Site(
                        id: site.id, name: site.name, state: site.state, limits: site.limits, bindings: site.bindings,
                        applications: site.applications, log: site.log)
                }
            }
            let difference = try #require(RouteDifference(from: old, to: new))
            #expect(sites(of: old, after: difference) == sites(of: new, after: nil))
            #expect(try #require(RouteDifference(from: new, to: new)).isEmpty)
            old = new
        }
    }

    @Test func aDifferenceGoesOverTheWire() throws {
        let old = table([Self.site(1, log: 0), Self.site(3)])
        let difference = try #require(
            RouteDifference(from: old, to: table([Self.site(1, "x", log: 0), Self.site(2)])))
        var bytes: [UInt8] = []
        ControlMessage.routesChanged(difference).append(to: &bytes)
        #expect(try decoded(bytes) == .routesChanged(difference))
        // A log that the message does not bring.
        var broken = difference
        broken.logs = []
        bytes = []
        ControlMessage.routesChanged(broken).append(to: &bytes)
        let lacking = bytes
        #expect(throws: WireError.self) { try decoded(lacking) }
    }

    private func decoded(_ bytes: [UInt8]) throws -> ControlMessage {
        let frame = try #require(try ControlFrame(bytes.span))
        return try ControlMessage(
            decoding: bytes.span.extracting(ControlFrame.headerSize..<bytes.count), of: frame)
    }
}
