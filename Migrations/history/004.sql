-- Events of other sources than the server, which count their own numbers. Never edited once given out.
--
-- source: whose number `id` is; the name under which administrators know it.
ALTER TABLE event ADD COLUMN source TEXT NOT NULL DEFAULT 'Hostelry';

DROP VIEW events;
CREATE VIEW events AS SELECT sequence, time, id, level, name, object, text, fields, source FROM event;
