import HostModel

/// Which web.config files are in the mirror by the word of whom. Decides what becomes of a further word, and which of them
/// a new version of the configuration leaves.
struct WebConfigLedger {
    struct Limits {
        var poolFiles = WebConfigLimits.files
        var poolBytes = WebConfigLimits.poolBytes
        /// Of all pools.
        var bytes = WebConfigLimits.bytes
    }

    struct Entry: Equatable {
        /// Of the row in `file`.
        var key: Int64
        var pool: String
        var place: WebConfigPlace
        /// Of the file's path and content, without its lines.
        var fingerprint: Int
        var bytes: Int
    }

    enum Decision: Equatable {
        /// Nobody knows of a file there, nor says that there is one.
        case nothing
        case refuse(ReportRefusal)
        case insert(WebConfigPlace)
        /// It says something else than before, or is somebody else's word.
        case replace(Int64, WebConfigPlace)
        /// It says the same.
        case confirm(Int64)
        case remove(Int64, path: String)
        /// It says more than the pool may: what it said before holds no longer either.
        case giveUp(Int64, path: String)

        var refusal: ReportRefusal? {
            switch self {
            case .refuse(let refusal): refusal
            case .giveUp: .tooMany
            default: nil
            }
        }
    }

    private struct Use {
        var files = 0
        var bytes = 0
    }

    private let limits: Limits
    private var sites: [UInt32: [String: Entry]] = [:]
    private var uses: [String: Use] = [:]
    private var bytes = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    var isEmpty: Bool { sites.isEmpty }

    // MARK: A further word

    /// - Parameters:
    ///   - site: the one of the report's id.
    ///   - pool: the one that the reporting worker is of.
    func decide(_ report: ReportedFile, site: Site?, pool: ApplicationPool?) -> Decision {
        guard report.isWellFormed else { return .refuse(.malformed) }
        guard let pool, let place = site?.webConfigPlace(at: report.path, in: pool), Self.isFile(report.file, of: place)
        else { return .refuse(.foreign) }
        let known = sites[report.siteID]?[place.path]
        guard report.content != .absent else { return known.map { .remove($0.key, path: place.path) } ?? .nothing }
        let own = uses[report.pool] ?? Use()
        let before = known?.pool == report.pool ? known : nil
        guard own.files + (before == nil ? 1 : 0) <= limits.poolFiles,
            own.bytes - (before?.bytes ?? 0) + report.size <= limits.poolBytes,
            bytes - (known?.bytes ?? 0) + report.size <= limits.bytes
        else { return before.map { .giveUp($0.key, path: place.path) } ?? .refuse(.tooMany) }
        guard let known else { return .insert(place) }
        let isSame =
            known.pool == report.pool && known.place == place && known.fingerprint == Self.fingerprint(report)
        return isSame ? .confirm(known.key) : .replace(known.key, place)
    }

    /// Whether the path names the folder's web.config, in any case of letters.
    private static func isFile(_ path: String, of place: WebConfigPlace) -> Bool {
        guard path.hasPrefix(place.folder + "/") else { return false }
        return path.dropFirst(place.folder.count + 1).lowercased() == "web.config"
    }

    private static func fingerprint(_ report: ReportedFile) -> Int {
        var hasher = Hasher()
        hasher.combine(report.file)
        hasher.combine(report.content)
        // Sections are equal wherever they stand.
        if case .read(let sections, _) = report.content {
            for section in sections { hasher.combine(section.line.number) }
        }
        return hasher.finalize()
    }

    mutating func note(_ report: ReportedFile, at place: WebConfigPlace, key: Int64) {
        remove(site: report.siteID, path: place.path)
        sites[report.siteID, default: [:]][place.path] = Entry(
            key: key, pool: report.pool, place: place, fingerprint: Self.fingerprint(report), bytes: report.size)
        uses[report.pool, default: Use()].files += 1
        uses[report.pool, default: Use()].bytes += report.size
        bytes += report.size
    }

    mutating func remove(site: UInt32, path: String) {
        guard let entry = sites[site]?.removeValue(forKey: path) else { return }
        if sites[site]?.isEmpty == true { sites[site] = nil }
        uses[entry.pool]?.files -= 1
        uses[entry.pool]?.bytes -= entry.bytes
        if uses[entry.pool]?.files == 0 { uses[entry.pool] = nil }
        bytes -= entry.bytes
    }

    // MARK: A further version

    /// Takes out the files that are none of their pools' by the new model, and answers their rows' keys, and those of the
    /// files that belong to another application now.
    ///
    /// - Parameters:
    ///   - changed: the ids of the sites that are not what they were; nil for all.
    ///   - pools: the names of the pools that are not, in lower case.
    mutating func revise(
        by model: HostModel, changed: Set<UInt32>?, pools: Set<String> = []
    ) -> (gone: [Int64], moved: [(key: Int64, application: String)]) {
        guard !isEmpty else { return ([], []) }
        var wanted: [UInt32: [String: Entry]] = [:]
        if let changed {
            for id in changed { wanted[id] = sites[id] }
            if !pools.isEmpty {
                for (id, entries) in sites
                where entries.values.contains(where: { pools.contains($0.pool.lowercased()) }) {
                    wanted[id] = entries
                }
            }
        } else {
            wanted = sites
        }
        guard !wanted.isEmpty else { return ([], []) }
        var gone: [(site: UInt32, path: String, key: Int64)] = []
        var moved: [(key: Int64, application: String)] = []
        let poolsByName = model.poolsByName()
        var sitesByID: [UInt32: Site] = [:]
        for site in model.sites where wanted[site.id] != nil && sitesByID[site.id] == nil { sitesByID[site.id] = site }
        for (id, entries) in wanted {
            for (path, entry) in entries {
                let pool = poolsByName[entry.pool.lowercased()]
                let place = pool.flatMap { sitesByID[id]?.webConfigPlace(at: path, in: $0) }
                guard let place, place.path == path, place.folder == entry.place.folder else {
                    gone.append((id, path, entry.key))
                    continue
                }
                guard place != entry.place else { continue }
                sites[id]?[path]?.place = place
                moved.append((entry.key, place.application))
            }
        }
        for entry in gone { remove(site: entry.site, path: entry.path) }
        return (gone.map(\.key), moved)
    }
}
