import Administration
import Wire

/// Metrics for tests: two sites and two pools.
enum SampleMetrics {
    static func counts(_ answers: [UInt64], _ latencies: [(bucket: Int, count: UInt64)] = []) -> TrafficCounts {
        TrafficCounts(
            answers: answers, received: 1000, sent: 2048, duration: 1_500_000_001, latencies: latencies)
    }

    static var metrics: ServerMetrics {
        ServerMetrics(
            time: 10_000_000_000, version: "0.1", master: .init(pid: 1, memory: 1024, uptime: 60),
            router: .init(pid: 2, memory: nil, uptime: 59), connections: 3,
            unrouted: .init(counts([0, 0, 0, 0, 2, 0], [(0, 2)]), since: 5),
            sites: [
                .init(
                    id: 1, name: "a \"b\\\n", pools: ["Main"],
                    traffic: .init(counts([1, 0, 8, 0, 1, 2], [(15, 9), (80, 2)]), since: 6))
            ],
            pools: [
                .init(
                    name: "Main", state: "started", workers: 2, queued: 0, inWork: 1, memory: 4096, uptime: 30,
                    restarts: .init(started: 3, recycled: 1, crashed: 0), restartsSince: 4,
                    traffic: .init(counts([1, 0, 8, 0, 1, 2], [(15, 9), (80, 2)]), since: 6)),
                .init(name: "Idle", state: "stopped", restartsSince: 4),
            ])
    }
}
