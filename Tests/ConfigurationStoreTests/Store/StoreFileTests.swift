import Platform
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite("Opening stores")
struct StoreFileTests {
    private let folder: TemporaryFolder
    private static let steps = [
        Migration(number: 1, sql: "CREATE TABLE t (x)"), Migration(number: 2, sql: "CREATE TABLE u (x)"),
    ]

    init() throws { folder = try TemporaryFolder() }

    private func store(_ name: String = "x.db", steps: Int = 2, damage: StoreFile.Damage = .drop) -> StoreFile {
        StoreFile(
            path: folder[name], migrations: Array(Self.steps.prefix(steps)), durability: .consistent, damage: damage)
    }

    private var precious: StoreFile { store(damage: .setAside(backup: folder["backup.db"])) }

    private func trouble(_ body: () throws -> Void) -> StoreTrouble.Kind? {
        do { try body() } catch { return (error as? StoreTrouble)?.kind }
        return nil
    }

    @Test func aMissingOneIsMade() throws {
        let opened = try store().open()
        #expect(opened.findings == [.made])
        #expect(try opened.database.value("SELECT count(*) FROM u") == 0)
        #expect(try store().open().findings == [])
    }

    @Test func anEarlierStructureIsBroughtUpToDate() throws {
        _ = try store(steps: 1).open()
        #expect(try store().open().findings == [.migrated(from: 1, to: 2)])
    }

    @Test func aLaterStructureIsLeftAlone() throws {
        do {
            let later = try Database.open(folder["x.db"], .creating)
            try later.execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9; CREATE TABLE later (x)")
        }
        let bytes = try FileReader().read(folder["x.db"]).bytes
        #expect(trouble { _ = try store().open() } == .newer(version: 9, known: 2))
        #expect(trouble { _ = try store().read() } == .newer(version: 9, known: 2))
        #expect(try FileReader().read(folder["x.db"]).bytes == bytes)
    }

    @Test func aDamagedDisposableOneIsMadeAnew() throws {
        try folder.write("x.db", String(repeating: "rubbish ", count: 2000))
        try folder.write("x.db-wal", "of the old one")
        let opened = try store().open()
        guard case .dropped = opened.findings.first, opened.findings.count == 1 else {
            return #expect(Bool(false), "\(opened.findings)")
        }
        #expect(try opened.database.value("SELECT count(*) FROM t") == 0)
        #expect(!folder.names.contains { $0.contains("damaged") })
    }

    @Test func tablesThatOthersLookAtAreNotLookedAtAgain() throws {
        let root: Int
        do {
            let database = try store().open().database
            try database.run("INSERT INTO u VALUES (1)")
            root = try Int(
                #require(database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'u'")?.integerValue))
        }
        var bytes = try FileReader().read(folder["x.db"]).bytes
        for place in (root - 1) * 4096..<root * 4096 { bytes[place] = 0xFF }
        try folder.write("x.db", bytes)
        #expect(try store().open(checking: .tables(["t"])).findings == [])
        guard case .dropped = try store().open().findings.first else { return #expect(Bool(false)) }
    }

    @Test func aDamagedPreciousOneIsSetAsideUnderTheNextNumber() throws {
        try folder.write("x.db.damaged-1", "an earlier one")
        try folder.write("x.db", String(repeating: "rubbish ", count: 2000))
        let findings = try precious.open().findings
        guard case .setAside(let place, _) = findings.first, findings.count == 1 else {
            return #expect(Bool(false), "\(findings)")
        }
        #expect(place == folder["x.db.damaged-2"])
        #expect(try folder.text("x.db.damaged-1") == "an earlier one")
        #expect(try folder.text("x.db.damaged-2").hasPrefix("rubbish"))
        #expect(try precious.open().findings == [])
    }

    @Test func aPreciousOneComesBackFromItsBackup() throws {
        try makeBackup()
        try folder.write("x.db", String(repeating: "rubbish ", count: 2000))
        let opened = try precious.open()
        #expect(opened.findings.last == .restored(from: folder["backup.db"]))
        #expect(try opened.database.value("SELECT x FROM t") == 7)
    }

    @Test func aBackupThatIsDamagedTooIsSaid() throws {
        try folder.write("backup.db", String(repeating: "rubbish ", count: 2000))
        try folder.write("x.db", String(repeating: "rubbish ", count: 2000))
        let opened = try precious.open()
        guard case .backupUnusable(let trouble, let place) = opened.findings.last else {
            return #expect(Bool(false), "\(opened.findings)")
        }
        #expect(trouble.kind == .corrupt)
        #expect(place == folder["backup.db.damaged-1"])
        #expect(try folder.text("backup.db.damaged-1").hasPrefix("rubbish"))
        #expect(try opened.database.value("SELECT count(*) FROM t") == 0)
    }

    private func makeBackup(steps: Int = 2) throws {
        let backup = try store("backup.db", steps: steps).open().database
        try backup.run("INSERT INTO t VALUES (7)")
        try backup.execute("PRAGMA journal_mode = DELETE")
    }

    /// As after a process that ended when it had set a damaged one aside; half a copy lies there too.
    @Test func aMissingPreciousOneComesBackFromItsBackup() throws {
        try makeBackup(steps: 1)
        let bytes = try FileReader().read(folder["backup.db"]).bytes
        try folder.write("x.db.new", "half a copy")
        try folder.write("x.db-wal", "of the one that is gone")
        let opened = try precious.open()
        #expect(opened.findings == [.restored(from: folder["backup.db"])])
        #expect(try opened.database.value("SELECT x FROM t") == 7)
        #expect(try opened.database.value("SELECT count(*) FROM u") == 0)
        #expect(try FileReader().read(folder["backup.db"]).bytes == bytes)
        #expect(!folder.names.contains { $0.hasPrefix("x.db.new") })
    }

    /// A folder in the draft's place stands for whatever keeps a copy from being made.
    @Test func whereTheBackupCannotBeCopiedNowEverythingStaysAsItWas() throws {
        try makeBackup()
        let damaged = String(repeating: "rubbish ", count: 2000)
        try folder.write("x.db", damaged)
        folder.makeFolder("x.db.new")
        #expect(trouble { _ = try precious.open() } != nil)
        #expect(try folder.text("x.db") == damaged)
        folder.remove("x.db")
        #expect(trouble { _ = try precious.open() } != nil)
        #expect(folder.names == ["backup.db", "x.db.new"])
    }

    @Test func aBackupOfALaterStructureIsSetAside() throws {
        do {
            let later = try Database.open(folder["backup.db"], .creating)
            try later.execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9; CREATE TABLE later (x)")
        }
        let opened = try precious.open()
        guard case .backupUnusable(let trouble, let place) = opened.findings.first, opened.findings.count == 1 else {
            return #expect(Bool(false), "\(opened.findings)")
        }
        #expect(trouble.kind == .newer(version: 9, known: 2))
        #expect(place == folder["backup.db.newer-1"])
        #expect(folder.names.contains("backup.db.newer-1") && !folder.names.contains("backup.db"))
    }

    @Test func damageInTheMiddleIsFound() throws {
        do {
            let database = try store().open().database
            try database.execute(
                "CREATE INDEX i ON t (x); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000) INSERT INTO t SELECT x FROM n"
            )
        }
        var bytes = try FileReader().read(folder["x.db"]).bytes
        for index in 8192..<(bytes.count - 4096) { bytes[index] = 0xA5 }
        try folder.write("x.db", bytes)
        guard case .dropped = try store().open().findings.first else { return #expect(Bool(false)) }
    }

    @Test func aLockedOneIsLeftForLater() throws {
        // Its structure has to be brought up to date, which the other one does not let.
        let holder = try store(steps: 1).open().database
        try holder.execute("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
        #expect(trouble { _ = try store().open(busyTimeout: .milliseconds(1)) } == .locked)
        try holder.execute("COMMIT")
        #expect(try store().open().findings == [.migrated(from: 1, to: 2)])
    }

    @Test func aFolderInItsPlaceIsATrouble() throws {
        folder.makeFolder("x.db")
        #expect(trouble { _ = try store().open() } == .failed)
    }

    @Test func whoeverReadsMakesNothing() throws {
        #expect(trouble { _ = try store().read() } == .missing)
        #expect(folder.names == [])
        _ = try store(steps: 1).open()
        #expect(folder.names == ["x.db"])
        #expect(trouble { _ = try store().read() } == .older(version: 1, known: 2))
        #expect(folder.names == ["x.db"])
    }

    @Test func whoeverReadsNoticesAWriterWhoComes() throws {
        do { try store().open().database.run("INSERT INTO t VALUES (1)") }
        let alone = try store().read()
        #expect(try alone.database.value("SELECT count(*) FROM t") == 1)
        #expect(!alone.isOutdated)
        let writer = try store().open().database
        try writer.run("INSERT INTO t VALUES (2)")
        #expect(alone.isOutdated)
        let beside = try store().read()
        #expect(try beside.database.value("SELECT count(*) FROM t") == 2)
        #expect(!beside.isOutdated)
    }

    @Test func aJournalWithoutItsIndexIsNotTouched() throws {
        let writer = try store().open().database
        try writer.run("INSERT INTO t VALUES (2)")
        for name in ["x.db", "x.db-wal"] { try folder.write("copy" + name, FileReader().read(folder[name]).bytes) }
        #expect(trouble { _ = try store("copyx.db").read() } == .unfinished)
        #expect(folder.names == ["copyx.db", "copyx.db-wal", "x.db", "x.db-shm", "x.db-wal"])
    }
}
