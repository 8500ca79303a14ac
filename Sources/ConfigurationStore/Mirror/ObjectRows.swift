internal import HostModel
internal import SQLite

/// How objects of one kind stand in the database.
protocol ObjectRows {
    associatedtype Object
    associatedtype Name: Hashable

    /// What makes two of them one that has changed.
    func name(_ object: Object) -> Name
    /// Answers the row's key.
    func insert(_ object: Object) throws(SQLiteError) -> Int64
    /// Whether both have the same rows, wherever they begin. Costs little.
    func isSame(_ old: Object, _ new: Object) -> Bool
    func update(_ key: Int64, from old: Object, to new: Object) throws(SQLiteError)
    func delete(_ key: Int64) throws(SQLiteError)
    var lines: LineRows { get }
}

struct SiteRows: ObjectRows {
    let lines: LineRows
    private let database: Database
    private let insertSite: Statement
    private let updateSite: Statement
    private let delete: Statement
    private let insertBinding: Statement
    private let insertApplication: Statement
    private let insertDirectory: Statement
    private let deleteBindings: Statement
    private let deleteApplications: Statement

    private static let columns = [
        "id", "name", "auto_start", "max_bandwidth", "max_connections", "connection_timeout", "max_url_segments",
        "log_enabled", "log_directory", "tracing_enabled", "hsts_enabled", "quarantined",
    ]

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        insertSite = try database.prepare(insertion("site", Self.columns))
        lines = try LineRows(database, table: "site_line", column: "site")
        updateSite = try database.prepare(
            "UPDATE site SET \(Self.columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE key = ?")
        delete = try database.prepare("DELETE FROM site WHERE key = ?")
        insertBinding = try database.prepare(
            insertion(
                "binding",
                ["site", "position", "protocol", "information", "address", "port", "host", "ssl_flags", "line"]))
        insertApplication = try database.prepare(
            insertion(
                "application",
                [
                    "site", "position", "path", "pool", "preload_enabled", "enabled_protocols", "auto_start_provider",
                    "quarantined", "line",
                ]))
        insertDirectory = try database.prepare(
            insertion(
                "virtual_directory",
                [
                    "site", "application", "position", "path", "physical_path", "user_name", "logon_method",
                    "allow_sub_dir_config", "line",
                ]))
        deleteBindings = try database.prepare("DELETE FROM binding WHERE site = ?")
        deleteApplications = try database.prepare("DELETE FROM application WHERE site = ?")
    }

    func name(_ site: Site) -> UInt32 { site.id }

    func insert(_ site: Site) throws(SQLiteError) -> Int64 {
        try insertSite.run(values(site))
        let key = database.lastInsertedRow
        try lines.insert(key, line: site.line.number)
        try insertBindings(of: site, key)
        try insertApplications(of: site, key)
        return key
    }

    func isSame(_ old: Site, _ new: Site) -> Bool { old == new && old.innerLines == new.innerLines }

    func update(_ key: Int64, from old: Site, to new: Site) throws(SQLiteError) {
        let values = values(new)
        if values != self.values(old) { try updateSite.run(values + [.integer(key)]) }
        if bindings(of: old, key) != bindings(of: new, key) {
            try deleteBindings.run(.integer(key))
            try insertBindings(of: new, key)
        }
        let isOther =
            applications(of: old, key) != applications(of: new, key)
            || directories(of: old, key) != directories(of: new, key)
        if isOther {
            // Their folders go with them.
            try deleteApplications.run(.integer(key))
            try insertApplications(of: new, key)
        }
    }

    /// What is the site's goes with it.
    func delete(_ key: Int64) throws(SQLiteError) { try delete.run(.integer(key)) }

    private func insertBindings(of site: Site, _ key: Int64) throws(SQLiteError) {
        for row in bindings(of: site, key) { try insertBinding.run(row) }
    }

    private func insertApplications(of site: Site, _ key: Int64) throws(SQLiteError) {
        for row in applications(of: site, key) { try insertApplication.run(row) }
        for row in directories(of: site, key) { try insertDirectory.run(row) }
    }

    private func values(_ site: Site) -> [SQLValue] {
        [
            SQLValue(site.id), .text(site.name), SQLValue(site.serverAutoStart), SQLValue(site.limits.maxBandwidth),
            SQLValue(site.limits.maxConnections), SQLValue(site.limits.connectionTimeout.components.seconds),
            SQLValue(site.limits.maxUrlSegments), SQLValue(site.log.enabled), .text(site.log.directory),
            SQLValue(site.tracing.enabled), SQLValue(site.transportSecurity.enabled), SQLValue(site.isQuarantined),
        ]
    }

    private func bindings(of site: Site, _ key: Int64) -> [[SQLValue]] {
        site.bindings.enumerated().map { position, binding in
            let host: String? =
                switch binding.host {
                case .any: nil
                case .exact(let name): name
                case .suffix(let name): "*.\(name)"
                }
            return [
                .integer(key), SQLValue(position), .text(binding.protocol), .text(binding.information),
                SQLValue(binding.address.map { "\($0)" }), SQLValue(binding.port), SQLValue(host),
                SQLValue(binding.sslFlags), SQLValue(binding.line.number - site.line.number),
            ]
        }
    }

    private func applications(of site: Site, _ key: Int64) -> [[SQLValue]] {
        site.applications.enumerated().map { position, application in
            [
                .integer(key), SQLValue(position), .text(application.path), .text(application.pool),
                SQLValue(application.preloadEnabled), .text(application.enabledProtocols.joined(separator: ",")),
                SQLValue(application.autoStartProvider), SQLValue(!application.quarantine.isEmpty),
                SQLValue(application.line.number - site.line.number),
            ]
        }
    }

    private func directories(of site: Site, _ key: Int64) -> [[SQLValue]] {
        site.applications.enumerated().flatMap { number, application in
            application.virtualDirectories.enumerated().map { position, directory in
                [
                    .integer(key), SQLValue(number), SQLValue(position), .text(directory.path),
                    .text(directory.physicalPath), .text(directory.userName), .text(directory.logonMethod),
                    SQLValue(directory.allowSubDirConfig), SQLValue(directory.line.number - site.line.number),
                ]
            }
        }
    }
}

struct PoolRows: ObjectRows {
    let lines: LineRows
    private let database: Database
    private let insertPool: Statement
    private let updatePool: Statement
    private let delete: Statement

    private static let columns = [
        "name", "auto_start", "always_running", "enable_32_bit", "managed_runtime_version", "managed_pipeline_mode",
        "queue_length", "enable_configuration_override", "identity", "user_name", "load_user_profile", "idle_timeout",
        "max_processes", "shutdown_time_limit", "startup_time_limit", "pinging_enabled", "recycle_time",
        "recycle_requests", "recycle_memory", "recycle_private_memory", "rapid_fail_protection", "cpu_limit",
        "cpu_action", "quarantined",
    ]

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        insertPool = try database.prepare(insertion("pool", Self.columns))
        lines = try LineRows(database, table: "pool_line", column: "pool")
        updatePool = try database.prepare(
            "UPDATE pool SET \(Self.columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE key = ?")
        delete = try database.prepare("DELETE FROM pool WHERE key = ?")
    }

    func name(_ pool: ApplicationPool) -> String { pool.name.lowercased() }

    func insert(_ pool: ApplicationPool) throws(SQLiteError) -> Int64 {
        try insertPool.run(values(pool))
        let key = database.lastInsertedRow
        try lines.insert(key, line: pool.line.number)
        return key
    }

    func isSame(_ old: ApplicationPool, _ new: ApplicationPool) -> Bool { old == new }

    func update(_ key: Int64, from old: ApplicationPool, to new: ApplicationPool) throws(SQLiteError) {
        let values = values(new)
        if values != self.values(old) { try updatePool.run(values + [.integer(key)]) }
    }

    func delete(_ key: Int64) throws(SQLiteError) { try delete.run(.integer(key)) }

    private func values(_ pool: ApplicationPool) -> [SQLValue] {
        [
            .text(pool.name), SQLValue(pool.autoStart), SQLValue(pool.alwaysRunning),
            SQLValue(pool.enable32BitAppOnWin64), .text(pool.managedRuntimeVersion), .text(pool.managedPipelineMode),
            SQLValue(pool.queueLength), SQLValue(pool.enableConfigurationOverride),
            .text(pool.processModel.identity.rawValue), .text(pool.processModel.userName),
            SQLValue(pool.processModel.loadUserProfile), seconds(pool.processModel.idleTimeout),
            SQLValue(pool.processModel.maxProcesses), seconds(pool.processModel.shutdownTimeLimit),
            seconds(pool.processModel.startupTimeLimit), SQLValue(pool.processModel.pingingEnabled),
            seconds(pool.recycling.time), SQLValue(pool.recycling.requests), SQLValue(pool.recycling.memory),
            SQLValue(pool.recycling.privateMemory), SQLValue(pool.failure.rapidFailProtection),
            SQLValue(pool.cpu.limit), .text(pool.cpu.action.rawValue), SQLValue(pool.isQuarantined),
        ]
    }

    private func seconds(_ duration: Duration) -> SQLValue { SQLValue(duration.components.seconds) }
}

extension Site {
    /// The lines of what stands in it, from its first one.
    fileprivate var innerLines: [Int] {
        var lines = bindings.map { $0.line.number - line.number }
        for application in applications {
            lines.append(application.line.number - line.number)
            for directory in application.virtualDirectories { lines.append(directory.line.number - line.number) }
        }
        return lines
    }
}

/// `INSERT INTO table (columns) VALUES (?, …)`.
func insertion(_ table: String, _ columns: [String]) -> String {
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
}
