import Control
import Testing
import Wire
import Worker

@testable import Router

@Suite(.loopCounts) struct CountingTests {
    /// What the router tells when it is asked, from all its loops together.
    func traffic(_ plane: Plane, _ number: UInt64) -> [String: TrafficCounts] {
        plane.master?.send(.trafficWanted(number))
        func pages() -> [TrafficPage] {
            plane.messages.compactMap { if case .traffic(number, let page) = $0 { page } else { nil } }
        }
        plane.turn { pages().last?.isLast == true }
        #expect(pages().filter(\.isLast).count == 1)
        var all: [String: TrafficCounts] = [:]
        for entry in pages().flatMap(\.entries) {
            all["\(entry.subject) \(entry.id)", default: TrafficCounts()].add(entry.counts)
        }
        return all
    }

    @Test func everyRequestIsCountedOnceForItsSiteAndItsPool() throws {
        let plane = try Plane()
        _ = try plane.worker { head, stream in stream.respond("hello", status: string(head.target) == "/no" ? 404 : 200)
        }
        let clients = try (0..<3).map { _ in try plane.client() }
        for client in clients { client.get("/") }
        plane.turn { clients.allSatisfy { $0.text.hasSuffix("hello") } }
        clients[0].get("/no")
        plane.turn { clients[0].text.contains("404") }
        let counted = traffic(plane, 5)
        let site = try #require(counted["site 7"])
        #expect(site.answers[2] == 3 && site.answers[4] == 1 && site.requests == 4 && site.answered == 4)
        #expect(counted["pool 1"] == site)
        #expect(counted["unrouted 0"] == TrafficCounts())
        // Four heads of known lengths, and whatever the answers' heads are long.
        #expect(site.received == 3 * 27 + 29 && site.sent == UInt64(clients.reduce(0) { $0 + $1.received.count }))
    }

    @Test func whatTheRouterRefusesCountsForItsSiteAndPool() throws {
        let plane = try Plane(state: .disabled)
        let client = try plane.client()
        client.get("/")
        plane.turn { client.text.contains("503") }
        let counted = traffic(plane, 1)
        #expect(counted["site 7"]?.answers[5] == 1 && counted["pool 1"]?.answers[5] == 1)
        #expect(counted["site 7"]?.sent == UInt64(client.received.count))
    }

    @Test func whatIsNoRequestCountsForNoSite() throws {
        let plane = try Plane()
        let client = try plane.client()
        client.send("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
        plane.turn { client.text.contains("400") }
        let counted = traffic(plane, 1)
        #expect(counted["unrouted 0"]?.answers[4] == 1 && counted["site 7"] == nil && counted["pool 1"] == nil)
    }

    @Test func aClientThatLeavesBeforeItsAnswerIsCountedWithoutOne() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.get("/")
        plane.turn { worker.heads.count == 1 }
        client.close()
        plane.moveClock(seconds: 2)
        let counted = traffic(plane, 1)
        #expect(counted["site 7"]?.answers[0] == 1 && counted["site 7"]?.answered == 0)
    }

    @Test func aLatencyIsTheTimeFromTheHeadToTheAnswer() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.get("/")
        plane.turn { worker.heads.count == 1 }
        plane.moveClock(seconds: 3)
        worker.streams[0].respond("late")
        plane.turn { client.text.hasSuffix("late") }
        let site = try #require(traffic(plane, 1)["site 7"])
        #expect(site.duration == 3_000_000_000 && site.latencies[LatencyScale.bucket(3_000_000_000)] == 1)
    }

    @Test func countsOutliveAChangeOfTheirSiteAndLeaveWithIt() throws {
        let plane = try Plane(state: .disabled)
        func table(_ ids: [UInt32]) -> RouteTable {
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .disabled)],
                sites: ids.map { id in
                    RouteTable.Site(
                        id: id, name: "s\(id)", bindings: [RouteTable.Binding(port: plane.port)],
                        applications: [RouteTable.Application(path: "/", pool: 1)])
                })
        }
        func ask() throws {
            let client = try plane.client()
            client.get("/")
            plane.turn { client.text.contains("503") }
        }
        try ask()
        plane.master?.send(.routes(table([7, 8])))
        plane.settle()
        try ask()
        #expect(traffic(plane, 1)["site 7"]?.requests == 2)
        let difference = try #require(RouteDifference(from: table([7, 8]), to: table([8])))
        plane.master?.send(.routesChanged(difference))
        plane.settle()
        try ask()
        let counted = traffic(plane, 2)
        #expect(counted["site 7"] == nil && counted["site 8"]?.requests == 1 && counted["pool 1"]?.requests == 3)
    }

    @Test func manySitesAreToldInPages() throws {
        let plane = try Plane { port in
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .disabled)],
                sites: (1...600).map { id in
                    RouteTable.Site(
                        id: id, name: "s\(id)", bindings: [RouteTable.Binding(port: port, host: .exact("h\(id)"))],
                        applications: [RouteTable.Application(path: "/", pool: 1)])
                })
        }
        // The pool is disabled: each request is answered at once and ends its connection.
        for id in 1...600 {
            let client = try plane.client()
            client.get("/", host: "h\(id)")
            plane.turn { client.text.contains("503") }
            client.close()
        }
        let counted = traffic(plane, 3)
        #expect((1...600).allSatisfy { counted["site \($0)"]?.requests == 1 } && counted["pool 1"]?.requests == 600)
        let pages = plane.messages.filter { if case .traffic = $0 { true } else { false } }
        #expect(pages.count >= 3)
    }
}
