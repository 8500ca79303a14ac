//  SQLite: the system's SQLite behind a small typed face; the only room that imports it.
//
//      let store = try Database.open("/var/lib/hostelry/history.db", .creating)
//      try store.migrate(migrations)
//      try store.transaction { () throws(SQLiteError) in
//          try store.run("INSERT INTO events (id, text) VALUES (?, ?)", 1400, "started")
//      }
//      try store.query("SELECT id, text FROM events") { row in print(row.integer(0), row.text(1)) }
//
//  A `Database` is one connection of one thread; several connections to one file may exist in a process. Files are
//  opened in WAL mode, so that readers never keep a writer waiting. `Statement`s are prepared once and kept by their
//  text. All that fails throws `SQLiteError`, in which no value stands.
//
//  For questions from people: an authorizer (`authorize`), a limit of time (`limitTime`), and `ResultTable` with
//  limits of rows and bytes.
//
//  SQLite's locks belong to the process and the file: any other descriptor for the file that this process closes takes
//  them away. Whoever has a database open never opens its file by other means.
