public import Pipeline

/// Services of a worker whose time passes and whose other threads work when the test says so.
public final class TestServices: ModuleServices {
    public var now: UInt64 = 1_000_000
    /// Whether work waits for `finishWork`; else it is done at once.
    public var holdsWork = false
    public private(set) var reports: [String] = []
    /// How many pieces of work were given so far.
    public private(set) var workCount = 0
    /// Work that waits for `finishWork`.
    public private(set) var held: [() -> Void] = []
    private var alarms: [(due: UInt64, action: () -> Void)] = []

    public init() {}

    public func perform<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) {
        workCount += 1
        if holdsWork { held.append { completion(work()) } } else { completion(work()) }
    }

    public func after(milliseconds: UInt64, _ action: @escaping () -> Void) {
        alarms.append((now + milliseconds, action))
    }

    public func report(_ text: String) { reports.append(text) }

    /// Does what was held, and what it leads to.
    public func finishWork() {
        while !held.isEmpty { held.removeFirst()() }
    }

    /// Lets time pass and alarms go off in their order.
    public func pass(milliseconds: UInt64) {
        let end = now + milliseconds
        while let next = alarms.indices.filter({ alarms[$0].due <= end }).min(by: { alarms[$0].due < alarms[$1].due }) {
            let alarm = alarms.remove(at: next)
            now = max(now, alarm.due)
            alarm.action()
        }
        now = end
    }
}
