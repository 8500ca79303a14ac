internal import Configuration
public import HostModel
internal import Platform
public import SQLite

/// What the applied version says, in a database: each version is written in one transaction by what differs from the one
/// before. For one thread.
///
/// It remembers which row is whose by the model's own order, so that nothing is looked up: what both versions share is
/// known by `HostModel.siteOrigins` and costs a comparison.
public final class ConfigurationMirror {
    private let database: Database
    private let sites: SiteRows
    private let pools: PoolRows
    private let sections: SectionRows
    private let files: WebConfigRows
    private var current: Mirrored?

    /// What is in the database, and under which keys.
    private struct Mirrored {
        let version: HostConfiguration
        let stretches: [SectionStretch]
        let problems: [Problem]
        var keys: Keys
        /// What workers told.
        var reported: WebConfigLedger
    }

    /// In the orders of the version's lists.
    private struct Keys {
        var sites: [Int64] = []
        var pools: [Int64] = []
        var stretches: [Int64] = []
    }

    /// Of the newest versions, so many are remembered.
    private static let appliedLimit = 1000

    public init(_ database: Database) throws(SQLiteError) {
        self.database = database
        sites = try SiteRows(database)
        pools = try PoolRows(database)
        sections = try SectionRows(database)
        files = try WebConfigRows(database, sections)
    }

    /// What the database says; nil where nothing was applied yet.
    var version: HostConfiguration? { current?.version }

    /// Makes the database say what `version` says. Whatever it throws, the database says what it said before.
    public func apply(_ version: HostConfiguration) throws(SQLiteError) {
        let start = MonotonicClock.nanoseconds()
        let written = database.allChangedRows
        current = try database.transaction { () throws(SQLiteError) in
            let next: Mirrored
            if let current { next = try change(current, to: version) } else { next = try begin(version, after: nil) }
            try note(start: start, rows: database.allChangedRows - written)
            return next
        }
    }

    // MARK: What workers tell

    /// Writes what is different in web.config files by the word of workers, and answers of which pools' workers something
    /// was not taken, and why. Whatever it throws, the database says what it said before.
    public func write(_ reports: [ReportedFile]) throws(SQLiteError) -> [String: ReportRefusal] {
        guard let current else { return [:] }
        let model = current.version.model
        let pools = model.poolsByName()
        let sites = Self.sites(of: model, Set(reports.map(\.siteID)))
        var refusals: [String: ReportRefusal] = [:]
        let reported = try database.transaction { () throws(SQLiteError) in
            var ledger = current.reported
            for report in reports {
                let decision = ledger.decide(
                    report, site: sites[report.siteID], pool: pools[report.pool.lowercased()])
                if let refusal = decision.refusal, report.isInformed || refusal != .foreign {
                    refusals[report.pool] = refusal
                }
                try perform(decision, report, &ledger)
            }
            return ledger
        }
        self.current?.reported = reported
        return refusals
    }

    private func perform(
        _ decision: WebConfigLedger.Decision, _ report: ReportedFile, _ ledger: inout WebConfigLedger
    ) throws(SQLiteError) {
        switch decision {
        case .nothing, .refuse: break
        case .insert(let place): ledger.note(report, at: place, key: try files.insert(report, at: place))
        case .replace(let key, let place):
            try files.replace(key, with: report, at: place)
            ledger.note(report, at: place, key: key)
        case .confirm(let key): try files.confirm(key)
        case .remove(let key, let path), .giveUp(let key, let path):
            try files.delete(key)
            ledger.remove(site: report.siteID, path: path)
        }
    }

    /// The first site of each id.
    private static func sites(of model: HostModel, _ wanted: Set<UInt32>) -> [UInt32: Site] {
        var sites: [UInt32: Site] = [:]
        for site in model.sites where wanted.contains(site.id) && sites[site.id] == nil { sites[site.id] = site }
        return sites
    }

    /// Takes out what is no place of its pool any more.
    ///
    /// - Parameter changed: the sites and pools that are not what they were; nil for all.
    private func revise(
        _ old: WebConfigLedger, _ model: HostModel, changed sites: Set<UInt32>? = nil, pools: Set<String> = []
    ) throws(SQLiteError) -> WebConfigLedger {
        var ledger = old
        let (gone, moved) = ledger.revise(by: model, changed: sites, pools: pools)
        for key in gone { try files.delete(key) }
        for (key, application) in moved { try files.move(key, to: application) }
        return ledger
    }

    // MARK: The first version

    /// What an earlier process left is not compared with but made again; what workers told this one stays.
    private func begin(_ version: HostConfiguration, after old: Mirrored?) throws(SQLiteError) -> Mirrored {
        if old == nil {
            for table in ["file_problem", "section", "location_line", "location", "file"] {
                try database.run("DELETE FROM \(table)")
            }
        } else {
            try database.run("DELETE FROM file WHERE kind <> 'web.config'")
        }
        for table in [
            "problem", "virtual_directory", "application", "binding", "site_line", "site", "pool_line", "pool",
        ] {
            try database.run("DELETE FROM \(table)")
        }
        let model = version.model
        let path = version.server.file.document.path
        try database.run(
            "INSERT INTO file (key, path, kind) VALUES (?, ?, 'server')", .integer(SectionRows.serverFile), .text(path))
        for schema in version.server.schemaFiles {
            try database.run("INSERT INTO file (path, kind) VALUES (?, 'schema')", .text(schema.path))
        }
        var keys = Keys()
        for pool in model.pools { keys.pools.append(try pools.insert(pool)) }
        for site in model.sites { keys.sites.append(try sites.insert(site)) }
        let stretches = version.stretches
        for (number, stretch) in stretches.enumerated() {
            let found = version.sections(in: stretch, isCommon: number == 0)
            keys.stretches.append(try sections.insert(found, line: stretch.line))
        }
        let problems = model.problems
        try write(problems)
        return Mirrored(
            version: version, stretches: stretches, problems: problems, keys: keys,
            reported: try old.map { old throws(SQLiteError) in try revise(old.reported, model) } ?? WebConfigLedger())
    }

    // MARK: The next one

    private func change(_ old: Mirrored, to version: HostConfiguration) throws(SQLiteError) -> Mirrored {
        let (before, after) = (old.version.model, version.model)
        // Files, and what a section is, come from the schema files and from what is declared: where these differ, all may.
        guard
            old.version.server.schemaFiles.elementsEqual(
                version.server.schemaFiles, by: { $0.path == $1.path && $0.bytes == $1.bytes }),
            old.version.server.file.declarations.declaresTheSame(as: version.server.file.declarations)
        else { return try begin(version, after: old) }
        var keys = Keys()
        let (poolKeys, changedPools) = try follow(
            old.keys.pools, before.pools, after.pools, after.poolOrigins(in: before),
            line: \.line.number, rows: pools)
        let (siteKeys, changedSites) = try follow(
            old.keys.sites, before.sites, after.sites, after.siteOrigins(in: before),
            line: \.line.number, rows: sites)
        (keys.pools, keys.sites) = (poolKeys, siteKeys)
        let stretches = version.stretches
        keys.stretches = try follow(old, stretches, version)
        let problems = after.problems
        if !problems.elementsEqual(old.problems, by: { $0 == $1 && $0.line.number == $1.line.number }) {
            try write(problems)
        }
        return Mirrored(
            version: version, stretches: stretches, problems: problems, keys: keys,
            reported: try revise(old.reported, after, changed: changedSites, pools: changedPools))
    }

    /// Sites or pools: what is gone is deleted, what moved gets its line, what was read anew is written where it differs.
    /// Answers the keys, and the names of those that came, went or differ.
    private func follow<Rows: ObjectRows>(
        _ keys: [Int64], _ old: [Rows.Object], _ new: [Rows.Object], _ origins: Origins,
        line: (Rows.Object) -> Int, rows: Rows
    ) throws(SQLiteError) -> (keys: [Int64], changed: Set<Rows.Name>) {
        // Of several with one name each pairs once.
        var waiting = Dictionary(grouping: origins.gone.reversed()) { rows.name(old[$0]) }
        var partners: [Int: Int] = [:]
        for place in origins.fresh { partners[place] = waiting[rows.name(new[place])]?.popLast() }
        var changed: Set<Rows.Name> = []
        for place in waiting.values.joined() {
            try rows.delete(keys[place])
            changed.insert(rows.name(old[place]))
        }
        var moves: [(key: Int64, old: Int, new: Int)] = []
        moves.reserveCapacity(new.count)
        for place in new.indices {
            guard let origin = origins[place] ?? partners[place] else { continue }
            moves.append((keys[origin], line(old[origin]), line(new[place])))
        }
        try rows.lines.move(LineMoves(moves))
        var result: [Int64] = []
        result.reserveCapacity(new.count)
        for place in new.indices {
            guard let origin = origins[place] ?? partners[place] else {
                result.append(try rows.insert(new[place]))
                changed.insert(rows.name(new[place]))
                continue
            }
            if partners[place] != nil, !rows.isSame(old[origin], new[place]) {
                try rows.update(keys[origin], from: old[origin], to: new[place])
                changed.insert(rows.name(new[place]))
            }
            result.append(keys[origin])
        }
        return (result, changed)
    }

    private func follow(
        _ old: Mirrored, _ new: [SectionStretch], _ version: HostConfiguration
    ) throws(SQLiteError) -> [Int64] {
        let pairs = StretchPairs(old.stretches, new)
        for place in pairs.gone { try sections.delete(old.keys.stretches[place]) }
        let moves = new.indices.compactMap { place in
            pairs.origins[place].map {
                (key: old.keys.stretches[$0], old: old.stretches[$0].line, new: new[place].line)
            }
        }
        try sections.lines.move(LineMoves(moves))
        var keys: [Int64] = []
        keys.reserveCapacity(new.count)
        for (place, stretch) in new.enumerated() {
            guard let origin = pairs.origins[place] else {
                keys.append(
                    try sections.insert(version.sections(in: stretch, isCommon: place == 0), line: stretch.line))
                continue
            }
            let key = old.keys.stretches[origin]
            if place == 0 {
                try sections.update(
                    key, from: old.version.sections(in: old.stretches[0], isCommon: true),
                    to: version.sections(in: stretch, isCommon: true))
            }
            keys.append(key)
        }
        return keys
    }

    private func write(_ problems: [Problem]) throws(SQLiteError) {
        try database.run("DELETE FROM problem")
        for problem in problems {
            try database.run(
                "INSERT INTO problem (severity, file, line, object, message) VALUES (?, ?, ?, ?, ?)",
                .text(problem.severity.rawValue), .text(problem.file), SQLValue(problem.line.number),
                .text(problem.object), .text(problem.message))
        }
    }

    private func note(start: UInt64, rows: Int) throws(SQLiteError) {
        try database.run(
            "INSERT INTO applied (time, microseconds, written) VALUES (?, ?, ?)", SQLValue(FileStamp.now()),
            SQLValue((MonotonicClock.nanoseconds() - start) / 1000), SQLValue(rows))
        try database.run(
            "DELETE FROM applied WHERE number <= (SELECT max(number) FROM applied) - ?", SQLValue(Self.appliedLimit))
    }
}

/// Which stretches of two versions say the same. The first of each belong together whatever they say.
struct StretchPairs {
    /// For each new place the old one.
    private(set) var origins: [Int?]
    private(set) var gone: [Int] = []

    init(_ old: [SectionStretch], _ new: [SectionStretch]) {
        origins = Array(repeating: nil, count: new.count)
        guard !old.isEmpty, !new.isEmpty else {
            gone = Array(old.indices)
            return
        }
        origins[0] = 0
        let shorter = min(old.count, new.count)
        var head = 1
        while head < shorter, old[head].isSame(as: new[head]) {
            origins[head] = head
            head += 1
        }
        var tail = 0
        while tail < shorter - head, old[old.count - 1 - tail].isSame(as: new[new.count - 1 - tail]) {
            origins[new.count - 1 - tail] = old.count - 1 - tail
            tail += 1
        }
        var waiting = Dictionary(grouping: (head..<old.count - tail).reversed()) { old[$0].fingerprint }
        for place in head..<new.count - tail {
            let fingerprint = new[place].fingerprint
            guard let origin = waiting[fingerprint]?.last, old[origin].isSame(as: new[place]) else { continue }
            waiting[fingerprint]?.removeLast()
            origins[place] = origin
        }
        gone = waiting.values.joined().sorted()
    }
}
