/// A framework that an application or another framework asks for in its `runtimeconfig.json`.
public struct FrameworkReference: Equatable, Sendable {
    public static let aspNetCore = "Microsoft.AspNetCore.App"
    public static let core = "Microsoft.NETCore.App"

    /// For example `Microsoft.AspNetCore.App`.
    public let name: String
    /// The lowest that will do.
    public let version: FrameworkVersion
    public let rollForward: RollForward
    /// `applyPatches`. Default true.
    public let appliesPatches: Bool

    public init(
        name: String, version: FrameworkVersion, rollForward: RollForward = .minor, appliesPatches: Bool = true
    ) {
        self.name = name
        self.version = version
        self.rollForward = rollForward
        self.appliesPatches = appliesPatches
    }
}
