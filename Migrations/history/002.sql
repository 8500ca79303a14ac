-- What happened, and which worker processes there were. Never edited once given out: later steps are files of their own.
--
-- STATE/events holds what happened first; the server copies it here, in order. Tables are for the program; views, whose
-- names are plurals, are for questions (Documentation/questions.md).
--
-- Times are texts: RFC 3339, in UTC, to the millisecond (2026-11-28T12:00:00.000Z), so that they compare as time does.

-- number: in the order of arrival. sequence: its number in STATE/events, which begins anew where that folder was lost; so
-- an event is known by both its time and its sequence. object: as `hostelry events` shows it (Pool "Shop"); empty for the
-- server. fields: a JSON object. Without secrets, as all events are.
CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    time TEXT NOT NULL,
    id INTEGER NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    object TEXT NOT NULL COLLATE NOCASE,
    text TEXT NOT NULL,
    fields TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX event_by_time ON event (time, sequence);
CREATE INDEX event_by_object ON event (object, time);

-- The event that was copied last: one row, none before the first.
CREATE TABLE event_place (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    sequence INTEGER NOT NULL,
    time TEXT NOT NULL
) STRICT;

-- Made of the events in the same transaction. worker: the server's number for it, which another one may have after a
-- restart. pid: NULL where no process came to be. started: NULL for one that was there before the history. outcome: NULL
-- while it runs; exited (it said goodbye), crashed, killed (by the server), orphaned (left running for whoever wants to
-- look at it), unstarted (no process), lost (it ended, or was given up, while no server watched). exit_code, signal: how
-- the process ended, as the kernel says. reason: why it was to end, as the name of the event that tells of that; NULL where
-- nobody wanted it to. requests: how many it had; known where it exited.
CREATE TABLE worker_process (
    number INTEGER PRIMARY KEY,
    pool TEXT NOT NULL COLLATE NOCASE,
    worker INTEGER NOT NULL,
    pid INTEGER,
    started TEXT,
    ready TEXT,
    ended TEXT,
    outcome TEXT,
    exit_code INTEGER,
    signal INTEGER,
    reason TEXT,
    requests INTEGER
) STRICT;

CREATE INDEX worker_process_by_pool ON worker_process (pool, started);
CREATE INDEX worker_process_by_end ON worker_process (ended, number);
CREATE INDEX worker_process_running ON worker_process (worker) WHERE ended IS NULL;

CREATE VIEW events AS SELECT sequence, time, id, level, name, object, text, fields FROM event;

-- lifetime: seconds until it ended, or until now.
CREATE VIEW worker_processes AS SELECT
    pool, worker, pid, started, ready, ended, outcome, exit_code, signal, reason, requests,
    round((julianday(coalesce(ended, 'now')) - julianday(started)) * 86400, 3) AS lifetime
FROM worker_process;

CREATE VIEW configuration_changes AS SELECT
    v.number AS version, strftime('%Y-%m-%dT%H:%M:%fZ', v.time / 1000000000.0, 'unixepoch') AS time, v.author, v.tool,
    v.comment, c.position, c.kind, c.name, c.aspect, c.old, c.new
FROM changes c JOIN versions v ON v.number = c.version WHERE v.state = 1;
