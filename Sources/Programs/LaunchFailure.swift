/// Why a process cannot be started as it is asked for.
public struct LaunchFailure: Error, Equatable, Sendable {
    /// What is wrong and what would be right, a sentence for the event log and for detailed error pages.
    public let text: String

    public init(_ text: String) { self.text = text }
}
