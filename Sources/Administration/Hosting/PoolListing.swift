/// An application pool as `hostelry pool list` and `pool show` tell of it.
///
/// As JSON (the shape is stable; members may be added):
///
///     {"name", "state": "started|starting|stopping|stopped|offline|quarantined" or null where no server runs, "identity",
///      "applications": ["Site/shop"]}
public struct PoolListing: Equatable, Sendable {
    public let name: String
    /// Nil where no server runs.
    public let state: String?
    /// For example `ApplicationPoolIdentity`.
    public let identity: String
    /// Those that run in it, for example `Site/shop`.
    public let applications: [String]

    public init(name: String, state: String?, identity: String, applications: [String]) {
        self.name = name
        self.state = state
        self.identity = identity
        self.applications = applications
    }

    public static func table(_ pools: [PoolListing], width: Int, isColoured: Bool = false) -> String {
        TextTable(
            ["POOL", "STATE", "IDENTITY", "APPLICATIONS"],
            pools.map { [$0.name, $0.state ?? "-", $0.identity, $0.applications.joined(separator: " ")] }, width: width,
            isColoured: isColoured
        ).text
    }

    public var text: String {
        let facts = [("Pool", name), ("State", state ?? "no server runs"), ("Identity", identity)]
        return FactList(facts + applications.map { ("Application", $0) }).text
    }

    public var members: [JSONValue.Member] {
        [
            .init("name", .text(name)), .init("state", .optional(state)), .init("identity", .text(identity)),
            .init("applications", .array(applications.map { .text($0) })),
        ]
    }
}
