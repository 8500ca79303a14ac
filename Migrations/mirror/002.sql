-- What workers tell of web.config files. Of such a file `site` is the site's id, `url` the URL path of its folder there,
-- `application` the path of the application it belongs to, and `reported` the time of the last word on it.

ALTER TABLE file ADD COLUMN site INTEGER;
ALTER TABLE file ADD COLUMN application TEXT COLLATE NOCASE;
ALTER TABLE file ADD COLUMN url TEXT;
ALTER TABLE file ADD COLUMN reported INTEGER;

-- Why its folder is not served.
CREATE TABLE file_problem (
    file INTEGER PRIMARY KEY REFERENCES file ON DELETE CASCADE,
    line INTEGER NOT NULL,
    message TEXT NOT NULL
) STRICT;

CREATE INDEX site_id ON site (id);
CREATE INDEX location_file ON location (file);

DROP VIEW files;
CREATE VIEW files AS SELECT
    f.path, f.kind, f.reporter, s.name AS site, f.application,
    (s.name || rtrim(f.url, '/')) COLLATE NOCASE AS configuration_path,
    strftime('%Y-%m-%dT%H:%M:%SZ', f.reported / 1000000000, 'unixepoch') AS reported
FROM file f LEFT JOIN site s ON s.key = (SELECT min(key) FROM site WHERE id = f.site);

DROP VIEW sections;
CREATE VIEW sections AS SELECT
    f.path AS file, f.kind, f.reporter,
    CASE
        WHEN f.url IS NULL THEN o.path
        ELSE s.name || rtrim(f.url, '/') || CASE WHEN o.path IN ('', '.') THEN '' ELSE '/' || o.path END
    END COLLATE NOCASE AS path,
    o.name AS section, o.fragment, o.override_mode, o.inherited, l.line + o.line AS line, s.name AS site,
    f.application
FROM section o
JOIN location c ON c.key = o.location
JOIN location_line l ON l.location = c.key
JOIN file f ON f.key = c.file
LEFT JOIN site s ON s.key = (SELECT min(key) FROM site WHERE id = f.site);

DROP VIEW problems;
CREATE VIEW problems AS
SELECT severity, file, line, object, message FROM problem
UNION ALL SELECT 'error', f.path, p.line, s.name || rtrim(f.url, '/'), p.message
FROM file_problem p
JOIN file f ON f.key = p.file
LEFT JOIN site s ON s.key = (SELECT min(key) FROM site WHERE id = f.site);
