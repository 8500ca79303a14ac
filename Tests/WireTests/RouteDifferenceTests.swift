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
