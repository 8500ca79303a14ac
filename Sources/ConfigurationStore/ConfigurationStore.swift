//  ConfigurationStore: the two SQLite files of an instance. They answer questions and keep history; they never feed the
//  server, which serves on without them.
//
//      STATE/mirror.db            what is configured, made of the XML files; disposable
//      STATE/history.db           versions, events, worker processes; precious, and bounded but for versions
//      STATE/history.backup.db    its last online backup
//
//  `Store` opens them: `StoreFile` says where a file lies, what structure it has and what becomes of a damaged one;
//  `StoreTrouble` is why one cannot be used, in a sentence, `StoreFinding` what happened on opening. The structure is
//  that of the numbered files in `Migrations`, which are part of the program (`EmbeddedMigrations`).
//
//      ConfigurationChange ─► files + a version in history.db     as a whole or not at all (`Change`)
//      a version that the master applied ─► HistoryKeeper ─► history.db, its backup, CFGHISTORY folders (`History`)
//      an event ─► STATE/events ─► EventArchive ─► history.db: events, and the worker processes they tell of; old ones
//                  are removed (`Archive`)
//      STATE/backup/NAME ◄─► the configuration's files            (`Backups`)
//
//      a version that the master applied ─► MirrorKeeper ─► ConfigurationMirror ─► mirror.db, by difference (`Mirror`)
//      what workers say of web.config files ─► MirrorKeeper ─► WebConfigLedger: is it theirs? ─► mirror.db
//      SELECT ─► QuestionDesk ─► ResultTable ─► AnswerText        beside a server or without one (`Questions`)
//
//  SQL stands in this room and in `Migrations` only.
//
//  Beside them lies what goes with the files themselves:
//
//      Secrets/     STATE/keys ─► KeyRing ─► HostelryAesProvider: encrypted attributes, sealed and opened
//      Sharing/     redirection.config ─► FileInForce: the local file, or a SharedFolder's, with its SharedCopy
//      Transfer/    ServerConfiguration × KeyRing × password ─► ConfigurationExport ─► folder
//                   folder ─► ReceivedExport ─► ImportPlan: what would change, or why nothing can
//                   the folders of sites ─► ContentExport ─► content.list ─► ContentPlacement: beside, then into place
//                   a configuration of Windows ◄─► this server's (WindowsImport, WindowsExport)
