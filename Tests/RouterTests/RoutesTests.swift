import EventLoop
import Platform
import Testing
import Wire

@testable import Router

/// Expectations from the reference, §8.8.
struct RoutesTests {
    static let own = IPAddress(v4: 0x0a00_0001)
    static let other = IPAddress(v4: 0x0a00_0002)

    static func site(
        _ id: UInt32, _ address: IPAddress, _ host: RouteTable.Host, port: UInt16 = 80,
        state: RouteTable.SiteState = .started
    ) -> RouteTable.Site {
        RouteTable.Site(
            id: id, name: "\(id)", state: state,
            bindings: [RouteTable.Binding(address: address, port: port, host: host)], applications: [])
    }

    static let table = RouteTable(sites: [
        site(5, .any, .any), site(4, own, .any), site(32, .any, .suffix("a.test")), site(31, own, .suffix("a.test")),
        site(33, .any, .suffix("b.a.test")), site(2, .any, .exact("WWW.a.test")), site(1, own, .exact("www.A.test")),
        site(6, .any, .exact("stopped.test"), state: .stopped), site(7, .any, .exact("only.test"), port: 81),
        site(8, .any, .exact("bad.test"), state: .unavailable), site(9, .any, .exact("bad.test")),
    ])

    func route(_ host: String, _ address: IPAddress = own, port: UInt16 = 80) -> UInt32? {
        let routes = Routes(Self.table, pools: [:])
        let bytes = Array(host.utf8)
        return routes.site(host: bytes.span, local: Endpoint(address: address, port: port)).map { routes.sites[$0].id }
    }

    @Test(
        arguments: [
            ("www.a.test", own, 1), ("www.a.test", other, 2), ("WWW.A.TEST", own, 1),
            // A host name beats an address: the suffix takes what the address alone would.
            ("x.a.test", own, 31), ("x.a.test", other, 32), ("x.y.a.test", other, 32),
            // The longest suffix, even where a shorter one is bound to the address.
            ("x.b.a.test", own, 33), ("b.a.test", own, 31),
            // A suffix does not stand for itself.
            ("a.test", own, 4), ("a.test", other, 5), ("xa.test", other, 5),
            ("unknown.test", own, 4), ("unknown.test", other, 5), ("", own, 4), ("", other, 5),
            // A stopped site is as if it were not there.
            ("stopped.test", other, 5),
            // Of two with one binding the first has it.
            ("bad.test", own, 8),
        ] as [(String, IPAddress, UInt32)])
    func theMoreSpecificBindingTakesTheRequest(_ host: String, _ address: IPAddress, _ site: UInt32) {
        #expect(route(host, address) == site)
    }

    @Test func aHostThatNoBindingOfThePortKnowsHasNoSite() {
        #expect(route("only.test", port: 81) == 7)
        #expect(
            route("www.a.test", port: 81) == nil && route("", port: 81) == nil && route("only.test", port: 82) == nil)
    }

    @Test func tenThousandHostNamesAreEachFound() {
        let sites = (0..<10_000).map { Self.site(UInt32($0), .any, .exact("host\($0).example.test")) }
        let routes = Routes(RouteTable(sites: sites), pools: [:])
        for number in 0..<10_000 {
            let host = Array("HOST\(number).example.test".utf8)
            let site = routes.site(host: host.span, local: Endpoint(address: Self.own, port: 80))
            #expect(site.map { routes.sites[$0].id } == UInt32(number))
        }
        let unknown = Array("host10000.example.test".utf8)
        let site = routes.site(host: unknown.span, local: Endpoint(address: Self.own, port: 80))
        #expect(site == nil)
    }

    @Test(arguments: [
        ("/", 0), ("/shop", 5), ("/SHOP/", 5), ("/shop/cart", 5), ("/shop/admin/x", 11), ("/shopping", 0),
        ("/shop/administration", 5), ("/x/shop", 0),
    ])
    func theLongestApplicationPathByWholeSegmentsTakesTheRequest(_ path: String, _ length: Int) throws {
        let loop = try EventLoop()
        let router = RouterLoop(on: loop, shell: .other(loop.remote))
        let pools: [UInt32: Pool] = [1: Pool(id: 1, router: router)]
        let applications = ["/", "/shop", "/Shop/Admin"].map { RouteTable.Application(path: $0, pool: 1) }
        let site = SiteRoutes(
            RouteTable.Site(id: 1, name: "s", bindings: [], applications: applications), pools: pools)
        let bytes = Array(path.utf8)
        #expect(site.application(bytes.span)?.path.count == length)
    }

    @Test func aKnownHostWithoutAnApplicationForThePathIs404AndAnUnknownHost400() throws {
        let plane = try Plane { port in
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .started)],
                sites: [
                    RouteTable.Site(
                        id: 1, name: "s", bindings: [RouteTable.Binding(port: port, host: .exact("a.test"))],
                        applications: [RouteTable.Application(path: "/shop", pool: 1)]),
                    RouteTable.Site(
                        id: 2, name: "t", state: .unavailable,
                        bindings: [RouteTable.Binding(port: port, host: .exact("b.test"))],
                        applications: [RouteTable.Application(path: "/", pool: 1)]),
                ])
        }
        for (host, status, words) in [
            ("a.test", "404 Not Found", "Not Found"), ("c.test", "400 Bad Request", "Bad Request - Invalid Hostname"),
            ("b.test", "503 Service Unavailable", "Service Unavailable"),
        ] {
            let client = try plane.client()
            client.get("/x", host: host)
            plane.turn { client.hasEnded }
            #expect(client.text.hasPrefix("HTTP/1.1 \(status)\r\n") && client.text.contains("<h1>\(words)</h1>"))
        }
    }
}
