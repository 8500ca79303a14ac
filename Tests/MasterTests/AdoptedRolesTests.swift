import Events
import Testing

@testable import Master

@Suite struct AdoptedRolesTests {
    private func workers(_ event: Event) -> [String] {
        guard case .text(let text)? = event.fields.first(where: { $0.name == "workers" })?.value else { return [] }
        return text.split(separator: " ").map(String.init)
    }

    @Test func everyWorkerIsNamedHoweverManyThereAre() {
        let pids = (0..<1000).map { 4_000_000 + Int32($0) }
        let events = AdoptedRoles(routers: [5], workers: pids.reversed()).events
        #expect(events.flatMap(workers) == pids.map { "\($0)" })
        #expect(events.allSatisfy { $0.text == "The master adopted 1000 workers and the router." })
        for event in events {
            #expect(!EventFormat.json.line(event, time: "", sequence: 1).contains("…"))
        }
    }

    @Test func whoAdoptsNobodySaysSoOnce() {
        let events = AdoptedRoles(routers: [], workers: []).events
        #expect(events.map(\.text) == ["The master adopted 0 workers and no router."])
        #expect(events.flatMap(workers) == [])
    }
}
