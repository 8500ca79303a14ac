/// What this worker process is, for the `preCondition` attributes of modules and handlers.
///
/// A pre-condition is a comma list whose tokens must all hold. The .NET Framework is never loaded on Linux, so
/// `runtimeVersion…` tokens hold only where one says which runtime is there (none today).
public struct WorkerTraits: Sendable {
    /// `bitness32` holds instead of `bitness64`. Source: the pool's `enable32BitAppOnWin64`.
    public let is32Bit: Bool
    /// `classicMode` holds instead of `integratedMode`. Source: the pool's `managedPipelineMode`.
    public let isClassicMode: Bool

    public init(is32Bit: Bool = false, isClassicMode: Bool = false) {
        self.is32Bit = is32Bit
        self.isClassicMode = isClassicMode
    }

    /// Whether every token of `preCondition` holds; a token nobody knows does not.
    ///
    /// `managedHandler` concerns the handler of a request, not the process, and is no obstacle here
    /// (`wantsManagedHandler`).
    func satisfy(_ preCondition: String) -> Bool {
        ASCII.list(preCondition).allSatisfy { token in
            switch token {
            case "bitness32": is32Bit
            case "bitness64": !is32Bit
            case "integratedMode": !isClassicMode
            case "classicMode", "ISAPIMode": isClassicMode
            case "managedHandler": true
            default: false
            }
        }
    }

    /// Whether a module with this pre-condition takes part only where the request's handler is a managed type. No handler
    /// here is one.
    static func wantsManagedHandler(_ preCondition: String) -> Bool {
        ASCII.list(preCondition).contains("managedHandler")
    }
}
