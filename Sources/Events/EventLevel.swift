/// How much an event matters to the administrator.
public enum EventLevel: String, CaseIterable, Comparable, Sendable {
    /// The ordinary course: started, stopped, recycled.
    case information
    /// Something is not as meant, and everything that was served still is.
    case warning
    /// A site, a pool or the server does not do what the configuration says.
    case error

    /// The journal's priority (syslog's severity): 6, 4, 3.
    public var priority: Int {
        switch self {
        case .information: 6
        case .warning: 4
        case .error: 3
        }
    }

    public static func < (one: EventLevel, other: EventLevel) -> Bool { one.priority > other.priority }
}
