//  AccessLogs: reading the access logs that the router writes, for people and programs.
//
//      HostModel ─► LogPlace                     the folder of a site's log, or why there is none
//      LogFolderListing                          the log files there, the newest first
//      bytes ─► LogColumns, LogRecord ─► LogFilter ─► LogOutput       lines, chosen and shown
//
//  `BackwardLines` reads a file from its end, `LogSearch` finds the place of a moment in it: no file is read whole, whatever
//  it holds. `LogTail` gathers the last lines of several files, `LogFollower` goes on with what is written from then on,
//  across new files; `FollowedFile` decides what became of one.
//
//  What stands in a log was sent by strangers: `LogBytes` makes every byte of it fit for a terminal.
