import Events

/// A site as `hostelry site list` and `site show` tell of it.
///
/// As JSON (the shape is stable; members may be added):
///
///     {"id", "name", "state": "started|stopped|quarantined" or null where no server runs, "pool", "path",
///      "bindings": [{"protocol", "information"}],
///      "applications": [{"path", "pool", "directories": [{"path", "physicalPath"}]}]}
///
/// `pool` and `path` are those of the root application; null where the site has none.
public struct SiteListing: Equatable, Sendable {
    public struct Directory: Equatable, Sendable {
        public let path: String
        public let physicalPath: String

        public init(path: String, physicalPath: String) {
            self.path = path
            self.physicalPath = physicalPath
        }
    }

    public struct Application: Equatable, Sendable {
        /// Within the site, for example `/shop`.
        public let path: String
        public let pool: String
        public let directories: [Directory]

        public init(path: String, pool: String, directories: [Directory]) {
            self.path = path
            self.pool = pool
            self.directories = directories
        }

        /// Where the application itself lies.
        public var folder: String? { directories.first { $0.path == "/" }?.physicalPath }

        public func text(site: String) -> String {
            FactList(
                [("Application", site + path), ("Pool", pool)]
                    + directories.map { ($0.path == "/" ? "Path" : "Directory \($0.path)", $0.physicalPath) }
            ).text
        }

        public func json(site: String) -> JSONValue {
            .object([.init("site", .text(site))] + members)
        }

        fileprivate var members: [JSONValue.Member] {
            [
                .init("path", .text(path)), .init("pool", .text(pool)),
                .init(
                    "directories",
                    .array(
                        directories.map {
                            .object(["path": .text($0.path), "physicalPath": .text($0.physicalPath)])
                        })),
            ]
        }
    }

    public let id: String
    public let name: String
    /// Nil where no server runs.
    public let state: String?
    /// As `http/*:80:www.example.com`.
    public let bindings: [String]
    public let applications: [Application]

    public init(id: String, name: String, state: String?, bindings: [String], applications: [Application]) {
        self.id = id
        self.name = name
        self.state = state
        self.bindings = bindings
        self.applications = applications
    }

    private var root: Application? { applications.first { $0.path == "/" } }

    // MARK: For people

    public static func table(_ sites: [SiteListing], width: Int, isColoured: Bool = false) -> String {
        TextTable(
            ["ID", "SITE", "STATE", "POOL", "BINDINGS", "PATH"],
            sites.map { site in
                [
                    site.id, site.name, site.state ?? "-", site.root?.pool ?? "-",
                    site.bindings.joined(separator: " "), site.root?.folder ?? "-",
                ]
            }, width: width, isColoured: isColoured
        ).text
    }

    /// Applications of sites, one a row.
    public static func applicationTable(_ sites: [SiteListing], width: Int) -> String {
        TextTable(
            ["APPLICATION", "POOL", "PATH"],
            sites.flatMap { site in
                site.applications.map { [site.name + $0.path, $0.pool, $0.folder ?? "-"] }
            }, width: width
        ).text
    }

    /// Everything, a fact a line.
    public var text: String {
        var facts = [("Site", name), ("ID", id), ("State", state ?? "no server runs")]
        facts += bindings.map { ("Binding", $0) }
        for application in applications {
            facts.append(("Application", "\(application.path) in the pool \(application.pool)"))
            for directory in application.directories {
                let base = application.path == "/" ? "" : application.path
                facts.append(("Directory", "\(base)\(directory.path) is \(directory.physicalPath)"))
            }
        }
        return FactList(facts).text
    }

    // MARK: For programs

    public var json: JSONValue {
        .object([
            "id": number, "name": .text(name), "state": .optional(state), "pool": .optional(root?.pool),
            "path": .optional(root?.folder),
            "bindings": .array(
                bindings.map { binding in
                    let parts = binding.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
                    return .object([
                        "protocol": .text(String(parts[0])),
                        "information": .text(parts.count > 1 ? String(parts[1]) : ""),
                    ])
                }), "applications": .array(applications.map { .object($0.members) }),
        ])
    }

    private var number: JSONValue { Int64(id).map { .integer($0) } ?? .text(id) }
}

/// Names and values below each other.
struct FactList {
    private let facts: [(name: String, value: String)]

    init(_ facts: [(String, String)]) { self.facts = facts.map { (name: $0.0, value: $0.1) } }

    var text: String {
        let width = facts.map(\.name.count).max() ?? 0
        return facts.map { fact in
            fact.name + String(repeating: " ", count: width - fact.name.count + 2) + LineText.printable(fact.value)
                + "\n"
        }.joined()
    }
}
