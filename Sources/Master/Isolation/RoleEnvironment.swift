import Configuration
import HostModel

/// The variables of a role: few and known, so that nothing of the master's own reaches a tenant.
enum RoleEnvironment {
    /// Of every role. The Swift runtime's crash reporter would keep a crashed role alive while it works.
    ///
    /// - Parameter own: the master's own variables.
    static func common(own: (String) -> String?, isRouter: Bool = false) -> [(name: String, value: String)] {
        var variables = [
            (name: "PATH", value: ApplicationPool.searchPath),
            (name: "LANG", value: "C.UTF-8"), (name: "SWIFT_BACKTRACE", value: "enable=no"),
        ]
        for name in ["TZ"] + (isRouter ? ["HOSTELRY_ROUTER_LOOPS"] : []) {
            if let value = own(name) { variables.append((name, value)) }
        }
        return variables
    }

    /// Of a worker: what its user's session would say, then the pool's own variables.
    ///
    /// Where programs look for their folders when `XDG_…` is missing lies below `HOME`.
    static func worker(
        user: String, home: String, temporaryFolder: String, pool: [EnvironmentVariable]
    ) -> [(name: String, value: String)] {
        [
            (name: "HOME", value: home), (name: "USER", value: user), (name: "LOGNAME", value: user),
            (name: "TMPDIR", value: temporaryFolder),
        ] + pool.filter { !isReserved($0.name) }.map { ($0.name, $0.value) }
    }

    /// What only Hostelry says to its roles.
    private static func isReserved(_ name: String) -> Bool {
        name.hasPrefix("HOSTELRY_") || name == "SWIFT_BACKTRACE" || name.isEmpty || name.contains("=")
    }

    /// Of several values of one name the last: programs take the first that they find.
    static func effective(_ variables: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let last = Dictionary(variables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { _, last in last })
        return variables.enumerated().filter { last[$1.name] == $0 }.map(\.element)
    }
}
