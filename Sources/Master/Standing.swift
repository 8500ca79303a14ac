import Platform

/// What the next master is to know beside the roles that run: which pools and sites administrators started and stopped by
/// hand, and what rapid-fail protection knows.
///
/// It outlives masters that are killed or upgraded. A server that was told to end, or whose machine was started anew,
/// starts as the configuration says.
struct Standing: Equatable, Sendable {
    struct Pool: Equatable, Sendable {
        let name: String
        /// Nil where the configuration decides.
        let isStartedByHand: Bool?
        let failures: PoolFailures
    }

    var pools: [Pool] = []
    /// By id.
    var sites: [UInt32: Bool] = [:]
}

/// As a file holds it, a line each:
///
///     run 6d1f…                                    this run of the machine
///     site 7 stopped
///     pool stopped online 2 0 100,200 Main         the failures in nanoseconds of the clock; `configured`: not by hand
extension Standing {
    func text(machineRun: String = RunningProcess.Identity.machineRun) -> String {
        let sites = sites.sorted { $0.key < $1.key }.map { "site \($0.key) \(Self.word($0.value))" }
        // The name is last: it may hold anything but the end of a line.
        let pools = pools.filter { !$0.name.contains("\n") }.map { pool in
            "pool \(Self.word(pool.isStartedByHand)) \(pool.failures.words) \(pool.name)"
        }
        return (["run \(machineRun)"] + sites + pools).map { $0 + "\n" }.joined()
    }

    /// Nil for what another run of the machine left. Lines that no master wrote say nothing.
    init?(_ text: String, machineRun: String = RunningProcess.Identity.machineRun) {
        let lines = text.split(separator: "\n")
        guard lines.first == "run \(machineRun)" else { return nil }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
            switch (words.first, words.count) {
            case ("site", 3): if let id = UInt32(words[1]) { sites[id] = Self.isStarted(words[2]) }
            case ("pool", 7):
                guard let failures = PoolFailures(words: words[2..<6]) else { continue }
                pools.append(
                    Pool(name: String(words[6]), isStartedByHand: Self.isStarted(words[1]), failures: failures))
            default: continue
            }
        }
    }

    private static func word(_ isStarted: Bool?) -> String {
        isStarted.map { $0 ? "started" : "stopped" } ?? "configured"
    }

    private static func isStarted(_ word: Substring) -> Bool? {
        word == "started" ? true : word == "stopped" ? false : nil
    }
}
