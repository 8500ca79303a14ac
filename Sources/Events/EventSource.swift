/// Whose numbers an event bears: each source counts its own.
public struct EventSource: Hashable, Sendable {
    /// As administrators know it from the event log of Windows.
    public let name: String

    /// Of an event that was written down, perhaps by another version with other sources.
    package init(recorded name: String) { self.name = name }

    /// Hostelry's own events, WAS's among them.
    public static let server = EventSource(recorded: "Hostelry")
    public static let aspNetCoreModule = EventSource(recorded: "IIS AspNetCore Module V2")
}
