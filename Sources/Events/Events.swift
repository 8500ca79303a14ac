//  Events: what happened, told to people, programs and the journal.
//
//      EventKind (the table: id, level, name) ─► Event (object, text, fields) ─► EventFormat ─► one line ─► EventLog
//
//  A kind is declared once, in `EventKind`; its id never changes its meaning. Ids of what IIS reports too are IIS's.
//  One event is one line, written with one call; nothing that comes from outside can end the line or steer a terminal.
