internal import Configuration

/// What sites and pools may not do to each other.
enum CrossChecks {
    /// Every application needs a sound pool. `isSound` answers for a name in lower case; nil where there is no such pool.
    static func pools(of site: inout Site, file: String, isSound: (String) -> Bool?) {
        site.quarantine(
            applications: site.applications.map { application in
                let message: String
                switch isSound(application.pool.lowercased()) {
                case true?: return []
                case false?:
                    message = "The application pool \"\(application.pool)\" has errors; correct them first"
                case nil where application.pool.isEmpty:
                    message =
                        "No application pool is given; add applicationPool=\"…\" or a default in <applicationDefaults>"
                case nil:
                    message =
                        "The application pool \"\(application.pool)\" does not exist; add <add name=\"\(application.pool)\"/> "
                        + "to <applicationPools> or name one that is there"
                }
                let object = "application \"\(site.name)\(application.path)\""
                return [Problem(.error, file: file, line: application.line.number, object: object, message)]
            })
    }

    /// The same binding in two sites is legal to write; the second site cannot start.
    static func bindings(of sites: inout [Site], file: String) {
        struct Place: Hashable {
            let isSecure: Bool
            let address: String
            let port: UInt16
            let host: Binding.Host
        }
        var owners: [Place: Int] = [:]
        for index in sites.indices where !sites[index].isQuarantined {
            var clashes: [Problem] = []
            var places: [Place] = []
            for binding in sites[index].bindings {
                let address = binding.address.map { "\($0)" } ?? ""
                let place = Place(isSecure: binding.isHTTPS, address: address, port: binding.port, host: binding.host)
                guard let owner = owners[place] else {
                    places.append(place)
                    continue
                }
                clashes.append(
                    Problem(
                        .error, file: file, line: binding.line.number, object: "site \"\(sites[index].name)\"",
                        "The binding \(binding.protocol)/\(binding.information) belongs to the site \"\(sites[owner].name)\" "
                            + "already; give this site another port or host name"))
            }
            // A site that cannot start holds no place.
            if clashes.isEmpty {
                for place in places { owners[place] = index }
            } else {
                sites[index].quarantine += clashes
            }
        }
    }

    /// A location for a site that does not exist holds for nobody.
    static func locations(_ locations: [LocationPlace], sites: [Site], file: String) -> [Problem] {
        guard !locations.isEmpty else { return [] }
        let names = Set(sites.map { $0.name.lowercased() })
        return locations.filter { !names.contains($0.site) }.map { location in
            let site = location.path.split(separator: "/").first ?? ""
            return Problem(
                .warning, file: file, line: location.line.number,
                "Unrecognized configuration path '\(ConfigurationPath(text: location.path))': there is no site \"\(site)\""
            )
        }
    }

    static func https(_ sites: [Site], file: String) -> [Problem] {
        let secure = sites.filter(\.isSecure).flatMap { site in site.bindings.filter(\.isHTTPS).map { (site, $0) } }
        guard let (site, binding) = secure.first else { return [] }
        let others = secure.count > 1 ? " and \(secure.count - 1) more" : ""
        return [
            Problem(
                .warning, file: file, line: binding.line.number, object: "site \"\(site.name)\"",
                "TLS is not served yet: the https binding \(binding.information)\(others) stays closed, the http bindings serve; "
                    + "ASP.NET Core applications are told its port, and those that redirect to https lead visitors there"
            )
        ]
    }
}
