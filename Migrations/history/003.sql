-- Versions whose differences nobody has looked for yet: `changes` tells nothing of them. To find them takes two whole
-- readings of the server's file, which whoever makes the change does not wait for. Never edited once given out.
--
-- path: of the server's file.
CREATE TABLE uncompared (
    version INTEGER PRIMARY KEY REFERENCES versions (number) ON DELETE CASCADE,
    path TEXT NOT NULL
) STRICT;
