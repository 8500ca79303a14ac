public import HostModel

/// Which applications have code of their own in one worker's pool, and who of them decides how (reference §3.1).
///
/// The first one that asks decides the hosting model, though its start fails; it decides until all that asked are unloaded.
public struct PoolOccupancy: Equatable, Sendable {
    /// The one that decides; it may be unloaded already.
    private var owner: HostedApplication?
    /// Those that were admitted, in the order they came.
    private var admitted: [HostedApplication] = []
    /// The names of all that asked and are not unloaded.
    private var known: Set<String> = []

    public init() {}

    /// Asks for a place for an application that is about to start, and keeps it until `unload`.
    ///
    /// - Returns: why it may not start; nil where it may.
    public mutating func admit(_ application: HostedApplication, enable32Bit: Bool) -> HostingRules.Refusal? {
        guard application.hosting != .none else { return nil }
        known.insert(application.name)
        admitted.removeAll { $0.name == application.name }
        var others = admitted
        if let owner {
            // Its own word binds an application too, until all are unloaded.
            if owner.name != application.name || owner.hosting != application.hosting { others.insert(owner, at: 0) }
        } else {
            owner = application
        }
        let refusal = HostingRules.refusal(of: application, after: others, enable32Bit: enable32Bit)
        if refusal == nil {
            admitted.append(application)
        } else if owner?.name != application.name {
            // It runs nothing, and who decides is another.
            known.remove(application.name)
        }
        return refusal
    }

    /// The application is stopped and forgotten, or never started.
    ///
    /// - Parameter name: the application's, as `HostedApplication` has it.
    public mutating func unload(_ name: String) {
        known.remove(name)
        admitted.removeAll { $0.name == name }
        if known.isEmpty { owner = nil }
    }
}
