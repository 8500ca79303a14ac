import Administration
import Testing
import Wire

struct ServerMetricsTests {
    @Test func metricsArriveAsTheyWereSent() throws {
        let line = ControlAnswer.done(SampleMetrics.metrics.members).line
        guard case .done(let members)? = ControlAnswer(line: Array(line.utf8)) else {
            Issue.record("no answer")
            return
        }
        #expect(ServerMetrics(members) == SampleMetrics.metrics)
    }

    @Test func withoutARouterNothingIsCounted() throws {
        var metrics = SampleMetrics.metrics
        metrics.router = nil
        metrics.connections = nil
        metrics.unrouted = nil
        #expect(ServerMetrics(metrics.members) == metrics)
    }

    @Test func latenciesAreToldWithTheirBounds() throws {
        let site = try #require(JSONValue.object(SampleMetrics.metrics.members)["sites"]?.elements?.first)
        #expect(site["latencies"]?.line == "[[875000,1000000,9],[65536000000,null,2]]")
        #expect(
            site["answers"]?.line == #"{"none":1,"1xx":0,"2xx":8,"3xx":0,"4xx":1,"5xx":2}"#)
        #expect(site["requests"]?.number == 12)
    }

    @Test func whatIsNoneIsNotRead() {
        #expect(ServerMetrics([]) == nil)
        #expect(ServerMetrics([.init("time", .text("x"))]) == nil)
    }

    @Test func ratesAreWhatCameBetweenTwoLooks() {
        let first = SampleMetrics.metrics
        var second = first
        second.time += 2_000_000_000
        second.sites[0].traffic.counts.count(status: 500, nanoseconds: 1_000_000, received: 10, sent: 20)
        second.sites[0].traffic.counts.count(status: 200, nanoseconds: 1_000_000, received: 10, sent: 20)
        second.sites.append(.init(id: 9, name: "new", pools: [], traffic: .init(TrafficCounts(), since: 7)))
        second.pools[0].restarts.crashed = 5
        let rates = TrafficRates(from: first, to: second)
        #expect(rates.interval == 2 && rates.sites.map(\.name) == ["a \"b\\\n", "new"])
        let row = rates.sites[0]
        #expect(row.counts.requests == 2 && rates.perSecond(row.counts.answers[5]) == 0.5 && row.total == 14)
        // One replaced and five that failed in the site's pool, and that pool's memory.
        #expect(row.recycled == 1 && row.crashed == 5 && row.memory == 4096)
        #expect(rates.pools[0].counts.requests == 0 && rates.all.requests == 2)
    }

    @Test func whatANewRouterCountsIsNotTakenFromWhatTheOldOneCounted() {
        let first = SampleMetrics.metrics
        var second = first
        second.time += 1_000_000_000
        second.router?.pid = 77
        #expect(TrafficRates(from: first, to: second).sites[0].counts.requests == 12)
    }
}
