//  Master: WAS and W3SVC of the house. It reads the configuration, keeps the listening sockets, and sees to it that the
//  router and the workers run. It never touches a request and never opens a tenant's file.
//
//      HostModel ─► HostingPlan                       routes, endpoints and pools of one configuration version
//      HostingPlan, Occurrence ─► Supervision ─► [Action]      decides; pure, tested without a process
//                       ▲                          │
//                       └────── MasterShell ◄──────┘           acts: processes, sockets, control channels, timers, signals
//
//  The folder `Changes` sees to it that a changed file is read: `ConfigurationWatch` decides when, `ConfigurationWatcher`
//  hears of changes. What a change costs follows from what it changes: the next `ConfigurationVersion` keeps the model's
//  objects, the next `HostingPlan` keeps their routes, and the router is told the difference.
//
//  `StateFolder` is the folder of one instance: who holds its lock is the master. `RoleLauncher` starts the executables of
//  the other roles; `RoleRegistry` remembers them for the next master. `LogFiles` opens the router's log files.
//  `MasterCommand` is what `hostelry run` calls.
