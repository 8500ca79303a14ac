internal import Configuration

/// What the elements of a server's file say, each by itself: nothing is compared with anything else yet.
struct ModelParts {
    var sites: [Site] = []
    var pools: [ApplicationPool] = []
    /// The `<location>` tags about sites, in the file's order.
    var locations: [LocationPlace] = []
    /// Problems of the server level.
    var problems: [Problem] = []
    /// Problems of what sites without an own log share.
    var sharedWarnings: [Problem] = []
    let limits: HostModel.WebLimits
    let centralLog: LogFile?
    let locationTexts: [String: String]

    init(_ server: ServerConfiguration) {
        var siteSpans: [Range<Int>] = []
        var poolSpans: [Range<Int>] = []
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
        sharedWarnings = siteReader.sharedWarnings
        limits = Self.limits(server)
        centralLog = Self.centralLog(server, problems: &problems)
        locationTexts = LocationTexts.bySite(server.file)
        var locationSpans: [Range<Int>] = []
        for location in server.file.locations {
            guard let path = location.path, let site = Location.site(ofPath: path) else { continue }
            locations.append(LocationPlace(path: path, site: site, line: SourceLine(location.line), problems: []))
            locationSpans.append(location.span)
        }
        // Each error of the file concerns the element it stands in; the others are the server's.
        for error in server.problems() {
            if let index = Self.index(of: error.position, in: siteSpans) {
                sites[index].quarantine.append(Problem(error, object: "site \"\(sites[index].name)\""))
            } else if let index = Self.index(of: error.position, in: poolSpans) {
                pools[index].quarantine.append(Problem(error, object: "application pool \"\(pools[index].name)\""))
            } else if let index = Self.index(of: error.position, in: locationSpans) {
                locations[index].problems.append(Problem(error))
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

    /// The log of all sites, where the server's configuration wants one.
    private static func centralLog(_ server: ServerConfiguration, problems: inout [Problem]) -> LogFile? {
        let element = server.section("system.applicationHost/log")
        if let problem = MetricsAddress.problem(element) { problems.append(problem) }
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
            maxGlobalBandwidth: limits.unsigned("maxGlobalBandwidth"),
            demandStartThreshold: limits.unsigned("demandStartThreshold"),
            dynamicIdleThreshold: limits.unsigned("dynamicIdleThreshold"))
    }
}

/// A `<location>` about a site.
struct LocationPlace: Sendable {
    let path: String
    /// The site's name in lower case.
    let site: String
    var line: SourceLine
    var problems: [Problem]

    func moved(to line: Int) -> LocationPlace {
        guard line != self.line.number else { return self }
        let offset = line - self.line.number
        return LocationPlace(
            path: path, site: site, line: SourceLine(line), problems: problems.map { $0.moved(by: offset) })
    }
}
