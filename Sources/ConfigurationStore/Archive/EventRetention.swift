public import Configuration

/// How much of what happened the history keeps (`system.applicationHost/configHistory`, attributes of ours).
///
/// The numbers bound the file, which is copied whole for its backup: an event takes some 300 bytes.
public struct EventRetention: Equatable, Sendable {
    /// What is older goes. `maxEventAge`: 90 days.
    let age: Duration
    /// The oldest beyond so many go. `maxEvents`: 250,000.
    let events: Int
    /// The oldest beyond so many go. `maxWorkerProcesses`: 100,000.
    let workerProcesses: Int

    public init(_ server: ServerConfiguration) {
        let section = server.section("system.applicationHost/configHistory")
        self.init(
            age: section.duration("maxEventAge") ?? Self.forEver, events: Int(clamping: section.integer("maxEvents")),
            workerProcesses: Int(clamping: section.integer("maxWorkerProcesses")))
    }

    /// What a duration says that has no end.
    private static let forEver = Duration.seconds(Int64.max)

    /// The same by the numbers alone.
    var withoutAge: EventRetention {
        EventRetention(age: Self.forEver, events: events, workerProcesses: workerProcesses)
    }

    init(age: Duration, events: Int, workerProcesses: Int) {
        self.age = age
        self.events = events
        self.workerProcesses = workerProcesses
    }
}
