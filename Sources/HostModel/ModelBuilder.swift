internal import Configuration

/// Builds a model: reads, then lets each rule add the problems it finds to the object they concern.
struct ModelBuilder {
    private let server: ServerConfiguration
    private var sites: [Site] = []
    private var pools: [ApplicationPool] = []
    private var problems: [Problem] = []
    /// The bytes of each site's and pool's element, in the order of `sites` and `pools`.
    private var siteSpans: [Range<Int>] = []
    private var poolSpans: [Range<Int>] = []

    init(_ server: ServerConfiguration) {
        self.server = server
        var poolReader = PoolReader()
        for item in server.section("system.applicationHost/applicationPools").items {
            pools.append(poolReader.read(item))
            poolSpans.append(item.document?.span ?? 0..<0)
        }
        var siteReader = SiteReader()
        for item in server.section("system.applicationHost/sites").items {
            sites.append(siteReader.read(item))
            siteSpans.append(item.document?.span ?? 0..<0)
        }
        problems = siteReader.warnings
    }

    consuming func model() -> HostModel {
        quarantineWhatTheFileSaysWrong()
        checkPools()
        checkBindings()
        checkLocations()
        reportHTTPS()
        let centralLog = centralLog()
        let all =
            problems + sites.flatMap(\.quarantine) + pools.flatMap(\.quarantine)
            + sites.flatMap { $0.applications.flatMap(\.quarantine) }
        return HostModel(
            sites: sites, pools: pools,
            problems: all.sorted { ($0.file, $0.line.number) < ($1.file, $1.line.number) },
            limits: Self.limits(server), centralLog: centralLog, locations: LocationTexts.bySite(server.file))
    }

    /// Puts each error of the file on the site or pool in whose element it stands; the others are the server's.
    private mutating func quarantineWhatTheFileSaysWrong() {
        for error in server.problems() {
            if let index = Self.index(of: error.position, in: siteSpans) {
                sites[index].quarantine.append(Problem(error, object: "site \"\(sites[index].name)\""))
            } else if let index = Self.index(of: error.position, in: poolSpans) {
                pools[index].quarantine.append(Problem(error, object: "application pool \"\(pools[index].name)\""))
            } else {
                problems.append(Problem(error))
            }
        }
    }

    /// The span that holds `position`; spans are in order and apart.
    private static func index(of position: Int?, in spans: [Range<Int>]) -> Int? {
        guard let position else { return nil }
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].contains(position) ? low : nil
    }

    /// Every application needs a sound pool.
    private mutating func checkPools() {
        let known = Dictionary(
            pools.map { ($0.name.lowercased(), $0.isQuarantined) }, uniquingKeysWith: { first, _ in first })
        let file = server.file.document.path
        for site in sites.indices {
            for index in sites[site].applications.indices {
                let application = sites[site].applications[index]
                let message: String
                switch known[application.pool.lowercased()] {
                case false?: continue
                case true?:
                    message = "The application pool \"\(application.pool)\" has errors; correct them first"
                case nil where application.pool.isEmpty:
                    message =
                        "No application pool is given; add applicationPool=\"…\" or a default in <applicationDefaults>"
                case nil:
                    message =
                        "The application pool \"\(application.pool)\" does not exist; add <add name=\"\(application.pool)\"/> "
                        + "to <applicationPools> or name one that is there"
                }
                let object = "application \"\(sites[site].name)\(application.path)\""
                sites[site].quarantine(
                    application: index,
                    Problem(.error, file: file, line: application.line.number, object: object, message))
            }
        }
    }

    /// The same binding in two sites is legal to write; the second site cannot start.
    private mutating func checkBindings() {
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
                        .error, file: server.file.document.path, line: binding.line.number,
                        object: "site \"\(sites[index].name)\"",
                        "The binding \(binding.protocol)/\(binding.information) belongs to the site \"\(sites[owner].name)\" "
                            + "already; give this site another port or host name"))
            }
            sites[index].quarantine += clashes
            // A site that cannot start holds no place.
            if clashes.isEmpty { for place in places { owners[place] = index } }
        }
    }

    /// A location for a site that does not exist holds for nobody.
    private mutating func checkLocations() {
        let names = Set(sites.map { $0.name.lowercased() })
        for location in server.file.locations {
            guard let path = location.path, path != "", path != ".", let site = path.split(separator: "/").first,
                !names.contains(site.lowercased())
            else { continue }
            problems.append(
                Problem(
                    .warning, file: server.file.document.path, line: location.line,
                    "Unrecognized configuration path '\(ConfigurationPath(text: path))': there is no site \"\(site)\""))
        }
    }

    private mutating func reportHTTPS() {
        let secure = sites.flatMap { site in site.bindings.filter(\.isHTTPS).map { (site, $0) } }
        guard let (site, binding) = secure.first else { return }
        let others = secure.count > 1 ? " and \(secure.count - 1) more" : ""
        problems.append(
            Problem(
                .warning, file: server.file.document.path, line: binding.line.number, object: "site \"\(site.name)\"",
                "TLS is not served yet: the https binding \(binding.information)\(others) stays closed, the http bindings serve"
            ))
    }

    /// The log of all sites, where the server's configuration wants one.
    private mutating func centralLog() -> LogFile? {
        let element = server.section("system.applicationHost/log")
        switch element.member("centralLogFileMode") {
        case "CentralW3C":
            let file = element.element("centralW3CLogFile")
            let log = LogFile(central: file)
            problems += log.shortcomings.map { text in
                Problem(.warning, at: file.source, object: "", text)
            }
            return log
        case "CentralBinary":
            problems.append(
                Problem(
                    .warning, at: element.source("centralLogFileMode"), object: "",
                    "The central binary log is not written; each site has its W3C log"))
            return nil
        default: return nil
        }
    }

    private static func limits(_ server: ServerConfiguration) -> HostModel.WebLimits {
        let limits = server.section("system.applicationHost/webLimits")
        return HostModel.WebLimits(
            connectionTimeout: limits.span("connectionTimeout"), headerWaitTimeout: limits.span("headerWaitTimeout"),
            minBytesPerSecond: limits.unsigned("minBytesPerSecond"),
            maxGlobalBandwidth: limits.unsigned("maxGlobalBandwidth"))
    }
}
