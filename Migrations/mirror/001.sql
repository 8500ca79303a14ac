-- What the applied version of the configuration says, made of it by difference. Never edited once given out: later steps
-- are files of their own.
--
-- Tables are for the program; views, whose names are plurals, are for questions (Documentation/questions.md). Lines of
-- things that stand in a site, a pool or a location count from its first line, which stands in a table of its own: an edit
-- further up moves these few numbers and nothing else.

CREATE TABLE applied (
    number INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    microseconds INTEGER NOT NULL,
    written INTEGER NOT NULL
) STRICT;

CREATE TABLE file (
    key INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    reporter TEXT
) STRICT;

CREATE TABLE pool (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE,
    auto_start INTEGER NOT NULL,
    always_running INTEGER NOT NULL,
    enable_32_bit INTEGER NOT NULL,
    managed_runtime_version TEXT NOT NULL,
    managed_pipeline_mode TEXT NOT NULL,
    queue_length INTEGER NOT NULL,
    enable_configuration_override INTEGER NOT NULL,
    identity TEXT NOT NULL,
    user_name TEXT NOT NULL,
    load_user_profile INTEGER NOT NULL,
    idle_timeout INTEGER NOT NULL,
    max_processes INTEGER NOT NULL,
    shutdown_time_limit INTEGER NOT NULL,
    startup_time_limit INTEGER NOT NULL,
    pinging_enabled INTEGER NOT NULL,
    recycle_time INTEGER NOT NULL,
    recycle_requests INTEGER NOT NULL,
    recycle_memory INTEGER NOT NULL,
    recycle_private_memory INTEGER NOT NULL,
    rapid_fail_protection INTEGER NOT NULL,
    cpu_limit INTEGER NOT NULL,
    cpu_action TEXT NOT NULL,
    quarantined INTEGER NOT NULL
) STRICT;

CREATE INDEX pool_name ON pool (name);

CREATE TABLE pool_line (pool INTEGER PRIMARY KEY REFERENCES pool ON DELETE CASCADE, line INTEGER NOT NULL) STRICT;

CREATE TABLE site (
    key INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    auto_start INTEGER NOT NULL,
    max_bandwidth INTEGER NOT NULL,
    max_connections INTEGER NOT NULL,
    connection_timeout INTEGER NOT NULL,
    max_url_segments INTEGER NOT NULL,
    log_enabled INTEGER NOT NULL,
    log_directory TEXT NOT NULL,
    tracing_enabled INTEGER NOT NULL,
    hsts_enabled INTEGER NOT NULL,
    quarantined INTEGER NOT NULL
) STRICT;

CREATE INDEX site_name ON site (name);

CREATE TABLE site_line (site INTEGER PRIMARY KEY REFERENCES site ON DELETE CASCADE, line INTEGER NOT NULL) STRICT;

CREATE TABLE binding (
    site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    position INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    information TEXT NOT NULL,
    address TEXT,
    port INTEGER NOT NULL,
    host TEXT COLLATE NOCASE,
    ssl_flags INTEGER NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (site, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE application (
    site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL COLLATE NOCASE,
    pool TEXT NOT NULL COLLATE NOCASE,
    preload_enabled INTEGER NOT NULL,
    enabled_protocols TEXT NOT NULL,
    auto_start_provider TEXT,
    quarantined INTEGER NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (site, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE virtual_directory (
    site INTEGER NOT NULL,
    application INTEGER NOT NULL,
    position INTEGER NOT NULL,
    path TEXT NOT NULL COLLATE NOCASE,
    physical_path TEXT NOT NULL,
    user_name TEXT NOT NULL,
    logon_method TEXT NOT NULL,
    allow_sub_dir_config INTEGER NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (site, application, position),
    FOREIGN KEY (site, application) REFERENCES application ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE location (
    key INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE
) STRICT;

CREATE TABLE location_line (
    location INTEGER PRIMARY KEY REFERENCES location ON DELETE CASCADE,
    line INTEGER NOT NULL
) STRICT;

CREATE TABLE section (
    location INTEGER NOT NULL REFERENCES location ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL,
    fragment TEXT NOT NULL,
    override_mode TEXT NOT NULL,
    inherited INTEGER NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (location, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem (
    position INTEGER PRIMARY KEY,
    severity TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    object TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;

CREATE VIEW versions AS SELECT
    number,
    strftime('%Y-%m-%dT%H:%M:%SZ', time / 1000000000, 'unixepoch') AS applied,
    microseconds, written
FROM applied;

CREATE VIEW files AS SELECT path, kind, reporter FROM file;

CREATE VIEW pools AS SELECT
    p.name, p.auto_start, p.always_running, p.enable_32_bit, p.managed_runtime_version, p.managed_pipeline_mode,
    p.queue_length, p.enable_configuration_override, p.identity, p.user_name, p.load_user_profile, p.idle_timeout,
    p.max_processes, p.shutdown_time_limit, p.startup_time_limit, p.pinging_enabled, p.recycle_time, p.recycle_requests,
    p.recycle_memory, p.recycle_private_memory, p.rapid_fail_protection, p.cpu_limit, p.cpu_action, p.quarantined, l.line
FROM pool p JOIN pool_line l ON l.pool = p.key;

CREATE VIEW sites AS SELECT
    s.id, s.name, s.auto_start, s.max_bandwidth, s.max_connections, s.connection_timeout, s.max_url_segments,
    s.log_enabled, s.log_directory, s.tracing_enabled, s.hsts_enabled, s.quarantined, l.line
FROM site s JOIN site_line l ON l.site = s.key;

CREATE VIEW bindings AS SELECT
    s.id AS site_id, s.name AS site, b.protocol, b.information, b.address, b.port, b.host, b.ssl_flags,
    l.line + b.line AS line
FROM binding b JOIN site s ON s.key = b.site JOIN site_line l ON l.site = s.key;

CREATE VIEW applications AS SELECT
    s.id AS site_id, s.name AS site, a.path, s.name || rtrim(a.path, '/') AS configuration_path, a.pool,
    a.preload_enabled, a.enabled_protocols, a.auto_start_provider, a.quarantined, l.line + a.line AS line
FROM application a JOIN site s ON s.key = a.site JOIN site_line l ON l.site = s.key;

CREATE VIEW virtual_directories AS SELECT
    s.id AS site_id, s.name AS site, a.path AS application, v.path, v.physical_path, v.user_name, v.logon_method,
    v.allow_sub_dir_config, l.line + v.line AS line
FROM virtual_directory v
JOIN application a ON a.site = v.site AND a.position = v.application
JOIN site s ON s.key = v.site JOIN site_line l ON l.site = s.key;

CREATE VIEW sections AS SELECT
    f.path AS file, f.kind, f.reporter, o.path, o.name AS section, o.fragment, o.override_mode, o.inherited,
    l.line + o.line AS line
FROM section o
JOIN location c ON c.key = o.location
JOIN location_line l ON l.location = c.key
JOIN file f ON f.key = c.file;

CREATE VIEW problems AS SELECT severity, file, line, object, message FROM problem;

CREATE VIEW quarantined AS
SELECT 'site' AS kind, name FROM site WHERE quarantined
UNION ALL SELECT 'application', s.name || rtrim(a.path, '/') FROM application a JOIN site s ON s.key = a.site
    WHERE a.quarantined
UNION ALL SELECT 'pool', name FROM pool WHERE quarantined;
