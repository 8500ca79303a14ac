//  Delegation: who may do what with a running server, and changing a site's web.config for those who may.
//
//      administration.config ─► Delegations ─► Roster (numbers of users and groups)
//      Roster × Caller (what the kernel says of a peer) ─► Authority: everything, some sites, or nothing
//      Authority × ControlRequest.Operation ─► nil, or the refusal that says who may and what would work
//      Authority × answer ─► the part of it that is the caller's to see
//
//  Whoever owns the server, root and the administrators (the scope "/" of `authorizationRules`; where there is none, the
//  group `hostelry-admin`) may do everything. Whoever a scope names a site for manages that site: sees it, its requests and
//  its events, starts and stops it, recycles a pool that runs nobody else's applications, and changes the web.config files of
//  its applications. A scope that names an application or folder of a site gives its web.config files away, and no more. As on
//  IIS nobody writes the server's file but administrators: what a site may decide stands in its web.config, and what it may
//  not is locked there.
//
//      WebConfigOrder ─► WebConfigDesk: which folder, whose file ─► WebConfigErrand ─► a process that runs as that user
//      that process: WebConfigClerk ─► reads, changes, checks and writes; nothing of it is done by the master
//
//  The decisions are pure; `WebConfigDesk` asks the machine for accounts and starts the process.
