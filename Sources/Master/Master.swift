//  Master: WAS and W3SVC of the house. It reads the configuration, keeps the listening sockets, and sees to it that the
//  router and the workers run. It never touches a request and never opens a tenant's file.
//
//      HostModel ─► HostingPlan                       routes, endpoints and pools of one configuration version
//      HostingPlan, Occurrence ─► Supervision ─► [Action]      decides; pure, tested without a process
//                       ▲                          │
//                       └────── MasterShell ◄──────┘           acts: processes, sockets, control channels, timers, signals
//
//  `StateFolder` is the folder of one instance: who holds its lock is the master. `RoleLauncher` starts the executables of
//  the other roles; `RoleRegistry` remembers them for the next master. `LogFiles` opens the router's log files.
//  `Isolation` gives each worker its pool's user, home, environment and limits; `CGroups` are its control groups, and
//  `CPUWatcher` looks where they do not.
//  `MasterCommand` is what `hostelry run` calls.
