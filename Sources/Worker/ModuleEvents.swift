import Platform
import Wire

/// What the ASP.NET Core Module tells, on its way to the master: in its own message where the master knows it, else in
/// words; kept for a while where there is no master, and not without end.
struct ModuleEvents {
    /// The version of the control protocol that brought `moduleEvent`.
    private static let version: UInt16 = 6
    /// And the one that brought `recycleWanted`.
    private static let recycleVersion: UInt16 = 7
    /// So many events wait for a master, the latest. Their texts are cut, so that they stay some 128 KB.
    private static let waitingLimit = 64
    private static let waitingTextLimit = 2048

    /// The newest version that the master speaks; nil where there is none, or it has not greeted yet.
    private var master: UInt16?
    private var waiting: [ModuleNotice] = []
    /// Whether no master has been told yet that the worker wants to be replaced.
    private var wantsRecycling = false

    /// A master has greeted; answers what it is told at once.
    mutating func greeted(_ versions: Versions) -> [ControlMessage] {
        master = versions.newest
        defer { waiting = [] }
        return waiting.map { message($0, versions.newest) } + (wantsRecycling ? recycle().map { [$0] } ?? [] : [])
    }

    /// There is no master any more.
    mutating func left() { master = nil }

    /// Answers what the master is told; nil where that has to wait for one.
    mutating func tell(_ notice: ModuleNotice) -> ControlMessage? {
        if let master { return message(notice, master) }
        if waiting.count == Self.waitingLimit { waiting.removeFirst() }
        waiting.append(notice.cut(to: Self.waitingTextLimit))
        return nil
    }

    /// Answers what the master is told; nil where that has to wait for one that knows the word.
    mutating func recycle() -> ControlMessage? {
        let isHeard = (master ?? 0) >= Self.recycleVersion
        wantsRecycling = !isHeard
        return isHeard ? .recycleWanted : nil
    }

    private func message(_ notice: ModuleNotice, _ master: UInt16) -> ControlMessage {
        guard master < Self.version else { return .moduleEvent(notice) }
        return .trouble("ASP.NET Core Module, event \(notice.number): \(notice.text)")
    }
}
