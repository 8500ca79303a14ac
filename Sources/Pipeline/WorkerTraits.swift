public import HostModel

/// What this worker process is, for the `preCondition` attributes of modules and handlers.
///
/// A pre-condition is a comma list whose tokens must all hold. `runtimeVersion…` holds where the pool asks for that
/// version, as on Windows, although no .NET Framework is ever loaded on Linux: so what a managed handler would take is
/// refused for want of its module, and never shown as a file by the next handler.
public struct WorkerTraits: Sendable {
    /// `bitness32` holds instead of `bitness64`. Source: the pool's `enable32BitAppOnWin64`.
    public let is32Bit: Bool
    /// `classicMode` holds instead of `integratedMode`. Source: the pool's `managedPipelineMode`.
    public let isClassicMode: Bool
    /// For example `v4.0`; empty for *No Managed Code*. Source: the pool's `managedRuntimeVersion`.
    public let managedRuntimeVersion: String

    public init(is32Bit: Bool = false, isClassicMode: Bool = false, managedRuntimeVersion: String = "") {
        self.is32Bit = is32Bit
        self.isClassicMode = isClassicMode
        self.managedRuntimeVersion = managedRuntimeVersion
    }

    /// Those of the pool's workers.
    public init(_ pool: ApplicationPool) {
        self.init(
            is32Bit: pool.enable32BitAppOnWin64, isClassicMode: pool.managedPipelineMode == "Classic",
            managedRuntimeVersion: pool.managedRuntimeVersion)
    }

    /// Whether the pool's workers would load the .NET Framework on Windows.
    public var runsManagedCode: Bool { !managedRuntimeVersion.isEmpty }

    /// Whether every token of `preCondition` holds; a token nobody knows does not.
    ///
    /// `managedHandler` concerns the handler of a request, not the process, and is no obstacle here
    /// (`wantsManagedHandler`).
    func satisfy(_ preCondition: String) -> Bool {
        PreCondition.list(preCondition).allSatisfy { token in
            switch token {
            case .bitness32: is32Bit
            case .bitness64: !is32Bit
            case .integratedMode: !isClassicMode
            case .classicMode: isClassicMode
            case .managedHandler: true
            // In any case of letters, so that no spelling of a pool's version lets a file through.
            case .runtimeVersion(let version): version.lowercased() == managedRuntimeVersion.lowercased()
            case .unknown: false
            }
        }
    }

    /// Whether a module with this pre-condition takes part only where the request's handler is a managed type. No handler
    /// here is one.
    static func wantsManagedHandler(_ preCondition: String) -> Bool {
        PreCondition.list(preCondition).contains(.managedHandler)
    }
}
