-- The versions of the configuration. Never edited once given out: later steps are files of their own.
--
-- time: nanoseconds since 1970. user: NULL where nobody can tell. state: 0 while its files are written, 1 in force.
-- hash_before, hash_after: SHA-256 of the server file's bytes; NULL where there was or is no file.
-- text: sealed with STATE/history.key (context: "hostelry history NUMBER"); within, zstd. NULL: the text is that of the
-- version before. is_whole: the text stands alone; else it is what the version before has between its first `prefix` and
-- its last `suffix` bytes, `size` bytes long, compressed against what that one has there.
CREATE TABLE versions (
    number INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    user INTEGER,
    author TEXT NOT NULL,
    tool TEXT NOT NULL,
    comment TEXT NOT NULL,
    state INTEGER NOT NULL,
    hash_before BLOB,
    hash_after BLOB,
    is_whole INTEGER NOT NULL,
    prefix INTEGER NOT NULL,
    suffix INTEGER NOT NULL,
    size INTEGER NOT NULL,
    text BLOB
) STRICT;

-- What a version changed of objects, in order. kind: site, pool, server. Without secrets.
CREATE TABLE changes (
    version INTEGER NOT NULL REFERENCES versions (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    aspect TEXT NOT NULL,
    old TEXT,
    new TEXT,
    PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX changes_by_object ON changes (kind, name, version);

-- Files beside the server's that a version changed.
CREATE TABLE files (
    version INTEGER NOT NULL REFERENCES versions (number) ON DELETE CASCADE,
    path TEXT NOT NULL,
    hash_before BLOB,
    hash_after BLOB,
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;
