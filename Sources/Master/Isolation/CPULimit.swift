import HostModel

/// What a pool's `<cpu>` comes to on a machine with so many processors.
struct CPULimit: Equatable, Sendable {
    /// Thousandths of a percent of all processors; 0: none.
    let limit: UInt32
    let action: ApplicationPool.CPU.Action
    let processors: Int

    init(_ cpu: ApplicationPool.CPU?, processors: Int) {
        limit = cpu?.limit ?? 0
        action = cpu?.action ?? .noAction
        self.processors = processors
    }

    struct Setting: Equatable, Sendable {
        let file: String
        let text: String
    }

    /// How long a slice is in which a group gets its share. Unit: microseconds; Linux: 100 ms.
    private static let period = 100_000

    /// Microseconds of processor time in each period; nil where it is not limited.
    private var quota: Int? {
        guard limit > 0, action == .throttle else { return nil }
        // The kernel takes no less than 1 ms.
        return max(1000, Int(limit) * processors * Self.period / 100_000)
    }

    /// Of a hundred, the share that counts when others want the processors too.
    private var share: Int { limit > 0 && action == .throttleUnderLoad ? max(1, Int(limit) / 1000) : 100 }

    /// Of a version 2 group.
    var unified: [Setting] {
        [
            Setting(file: "cpu.max", text: "\(quota.map(String.init) ?? "max") \(Self.period)"),
            Setting(file: "cpu.weight", text: "\(share)"),
        ]
    }

    /// Of a version 1 group, where a share of 1024 is usual.
    var legacy: [Setting] {
        [
            Setting(file: "cpu.cfs_period_us", text: "\(Self.period)"),
            Setting(file: "cpu.cfs_quota_us", text: "\(quota ?? -1)"),
            Setting(file: "cpu.shares", text: "\(max(2, share * 1024 / 100))"),
        ]
    }

    /// Nanoseconds of processor time within `interval` that are too much; nil where nobody has to look.
    ///
    /// - Parameter isEnforced: control groups see to it that a throttled pool gets no more.
    func allowance(within interval: Duration, isEnforced: Bool) -> UInt64? {
        guard limit > 0, interval > .zero else { return nil }
        switch action {
        case .throttle, .throttleUnderLoad: if isEnforced { return nil }
        case .noAction, .killW3wp: break
        }
        let microseconds = UInt64(interval.components.seconds) * 1_000_000
        // Below 2⁶³: a day, 100,000 thousandths, thousands of processors.
        return microseconds * UInt64(limit) / 100 * UInt64(processors)
    }
}
