internal import Configuration

extension InertSettings {
    /// What application pools ask for that is not there. Names in `used` are in lower case: a pool that no application
    /// runs in says nothing in vain.
    static func problems(ofPools used: Set<String>, in server: ServerConfiguration) -> [Problem] {
        server.section("system.applicationHost/applicationPools").items.compactMap { pool in
            let version = pool.string("managedRuntimeVersion")
            guard !version.isEmpty, used.contains(pool.string("name").lowercased()) else { return nil }
            return Problem(
                .warning, at: pool.source("managedRuntimeVersion"), object: "",
                "The .NET Framework is never there: where the managedRuntimeVersion is \(version), what handlers for "
                    + "runtimeVersion\(version) take is answered with 500.21; write \"\" for a pool of files or of ASP.NET Core"
            )
        }
    }
}
