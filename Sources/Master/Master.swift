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
//  the other roles; `RoleRegistry` remembers them for the next master, which takes them over (`Adoption`) with everything
//  else that is left to it (`Inheritance`); `Standing` is what was stopped by hand and what failed, which the next one
//  knows too. `RouterSupervision` decides about the routers. In `Pools`, `PoolLife` is what
//  the configuration says of a pool's life, `PoolSupervision` (one a pool, inside of `Supervision`) decides it, and
//  `Errands` runs administrators' programs. In `Isolation`, a worker gets its pool's user, home, environment and limits.
//  `Store` has the configuration and what workers say of web.config files mirrored (`WebConfigIntake` keeps that in bounds).
//  `LogFiles` opens the router's log files. In `Administration`, the control socket is answered; in `Metrics`, Prometheus. `MasterCommand` is what
//  `hostelry run` calls.
//
//  A master that is killed leaves its roles serving: each waits at its socket in STATE/run for the next one. An upgrade in
//  place is the same without a death: the master becomes the program that lies on disk now (`Upgrading`), which gets the
//  lock and the sockets handed down (`Succession`), adopts what runs, and replaces it one by one (`Upgrade`).
