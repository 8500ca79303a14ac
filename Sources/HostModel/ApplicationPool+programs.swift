internal import Configuration

extension ApplicationPool {
    /// Where a pool's programs are looked for, unless its own variables say something else.
    public static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// What its programs have, as far as it stands in the configuration; the last of several variables of a name holds.
    var programVariables: EnvironmentVariables {
        let variables = [("PATH", Self.searchPath)] + environmentVariables.map { ($0.name.lowercased(), $0.value) }
        return EnvironmentVariables(
            Dictionary(variables.map { ($0.lowercased(), $1) }, uniquingKeysWith: { _, last in last }))
    }
}
