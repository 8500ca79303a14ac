internal import Platform

/// How many event loops the router runs, each on a thread of its own.
public struct LoopCount: Sendable {
    /// The variable that sets it.
    public static let variable = "HOSTELRY_ROUTER_LOOPS"
    public static let allowed = 1...64

    public let value: Int

    /// Numbers outside `allowed` become its nearest.
    public init(_ value: Int) { self.value = min(max(value, Self.allowed.lowerBound), Self.allowed.upperBound) }

    /// What the environment says, else a loop for every two processors that this process may use: workers and the
    /// kernel's share of the network need the others.
    public init() {
        if let text = CurrentProcess.variable(Self.variable), let number = Int(text) {
            self.init(number)
        } else {
            self.init(CurrentProcess.usableProcessors / 2)
        }
    }
}
