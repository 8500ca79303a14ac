import Pipeline

/// What modules have of a worker, where there is none: work is done and time passes when it is asked for.
final class ExplanationServices: ModuleServices {
    private(set) var now: UInt64 = 0
    private(set) var reports: [String] = []
    private var work: [() -> Void] = []
    private var alarms: [(time: UInt64, action: () -> Void)] = []
    /// So many steps settle any request.
    private static let limit = 10_000

    func perform<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) {
        self.work.append { completion(work()) }
    }

    func after(milliseconds: UInt64, _ action: @escaping () -> Void) { alarms.append((now + milliseconds, action)) }

    func report(_ text: String) { if !reports.contains(text) { reports.append(text) } }

    /// Does what waits until `isOver`, or nothing waits.
    func run(until isOver: () -> Bool) {
        for _ in 0..<Self.limit where !isOver() {
            if !work.isEmpty {
                work.removeFirst()()
            } else if let next = alarms.indices.min(by: { alarms[$0].time < alarms[$1].time }) {
                let alarm = alarms.remove(at: next)
                now = max(now, alarm.time)
                alarm.action()
            } else {
                return
            }
        }
    }
}
