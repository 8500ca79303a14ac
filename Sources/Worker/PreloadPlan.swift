import Configuration
import HTTP1
import HostModel
import Platform
import Wire

/// Which applications of a pool are warmed up when its worker starts, and with which requests.
struct PreloadPlan: Sendable {
    /// So many applications are asked whether they want to be warmed up though their pool does not say so.
    private static let otherLimit = 64

    /// `preloadEnabled` in a pool with `startMode="AlwaysRunning"`: the worker is ready when they are.
    let preloaded: [Place]
    /// The others, which are warmed up where `doAppInitAfterRestart` says so, while the worker serves already.
    let others: [Place]
    /// The pool's startupTimeLimit: a worker that is not ready by then is killed.
    let limit: Duration
    private let system: ConfigurationSystem

    struct Place: Sendable {
        let site: Site
        let path: String
    }

    /// A request that warms an application up.
    struct Page: Equatable, Sendable {
        let siteID: UInt32
        /// `/` or for example `/shop`.
        let application: String
        /// From the site's root on, with its query.
        let target: String
        let host: String
        let scheme: RequestHead.Scheme
        let port: UInt16
        /// A page that the configuration names, not the application's root.
        let isNamed: Bool
    }

    init(_ server: ServerConfiguration, _ model: HostModel, pool: ApplicationPool) {
        system = ConfigurationSystem(server: server, layout: model.layouts())
        limit = pool.processModel.startupTimeLimit
        let name = pool.name.lowercased()
        var preloaded: [Place] = []
        var others: [Place] = []
        for site in model.sites where !site.isQuarantined {
            for application in site.applications where application.pool.lowercased() == name {
                let place = Place(site: site, path: application.path)
                if pool.alwaysRunning, application.preloadEnabled {
                    preloaded.append(place)
                } else if others.count < Self.otherLimit {
                    others.append(place)
                }
            }
        }
        self.preloaded = preloaded
        self.others = others
    }

    /// What `preloaded` are asked for. May wait for disks: it reads web.config files.
    func preloadedPages() -> [Page] {
        preloaded.flatMap { place in
            let pages = section(place).map { named(in: $0, of: place) } ?? []
            return pages.isEmpty ? [page("/", of: place, isNamed: false)] : pages
        }
    }

    /// What `others` are asked for. May wait for disks.
    func otherPages() -> [Page] {
        others.flatMap { place -> [Page] in
            guard let section = section(place), section.bool("doAppInitAfterRestart") else { return [] }
            let pages = named(in: section, of: place)
            return pages.isEmpty ? [page("/", of: place, isNamed: false)] : pages
        }
    }

    private func section(_ place: Place) -> Element? {
        let path = ConfigurationPath(site: place.site.name, path: place.path)
        return try? system.configuration(at: path).section("system.webServer/applicationInitialization")
    }

    private func named(in section: Element, of place: Place) -> [Page] {
        section.items.compactMap { item in
            let target = item.string("initializationPage")
            guard !target.isEmpty else { return nil }
            return page(target, of: place, isNamed: true, host: item.string("hostName"))
        }
    }

    private func page(_ target: String, of place: Place, isNamed: Bool, host: String = "") -> Page {
        let bindings = place.site.bindings
        let binding = bindings.first { $0.isHTTP } ?? bindings.first { $0.isHTTPS }
        let bound = if case .exact(let name)? = binding?.host { name } else { "localhost" }
        let target = target.hasPrefix("/") ? target : "/\(target)"
        return Page(
            siteID: place.site.id, application: place.path, target: (place.path == "/" ? "" : place.path) + target,
            host: host.isEmpty ? bound : host, scheme: binding?.isHTTPS == true ? .https : .http,
            port: binding?.port ?? 80, isNamed: isNamed)
    }
}

extension WorkerConfiguration {
    /// Nil where the pool is not there any more.
    var preloadPlan: PreloadPlan? { pool.map { PreloadPlan(server, model, pool: $0) } }
}

extension PreloadPlan.Page {
    /// As a client on this machine would send it; nil for a page that nobody can ask for.
    func head() -> RequestHead? {
        var text: [UInt8] = []
        func add(_ part: String) -> Range<Int> {
            text.append(contentsOf: part.utf8)
            return text.count - part.utf8.count..<text.count
        }
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let method = add("GET")
        let target = add(target)
        let mark = text[target].firstIndex(of: UInt8(ascii: "?")) ?? target.upperBound
        let fields = [
            (add("Host"), add(host)),
            (
                add("User-Agent"),
                add(isNamed ? "IIS Application Initialization Warmup" : "IIS Application Initialization Preload")
            ),
        ]
        var cooker = PathCooker()
        do {
            try cooker.cook(text.span, target.lowerBound..<mark)
            let address = IPAddress(v4: 0x7F00_0001)
            let facts = RequestHeadWriter.Facts(
                version: .http11, scheme: scheme, body: .none, siteID: siteID,
                applicationPathLength: application == "/" ? 0 : min(application.utf8.count, cooker.path.count),
                remote: Endpoint(address: address, port: 0), local: Endpoint(address: address, port: port))
            var frame: [UInt8] = []
            var writer = RequestHeadWriter(
                into: &frame, stream: 1, facts, method: method, target: target,
                query: min(mark + 1, target.upperBound)..<target.upperBound, textLength: text.count,
                pathLength: cooker.path.count)
            for field in fields { writer.field(into: &frame, name: field.0, value: field.1) }
            writer.end(into: &frame, text: text.span, path: cooker.path.span)
            return try RequestHead(decoding: frame.span.extracting(droppingFirst: Frame.headerSize))
        } catch {
            return nil
        }
    }
}
