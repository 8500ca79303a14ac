import Administration
import Arguments
import ConfigurationStore
import Events
import Platform

/// Backups of the configuration.
extension Execution {
    static func addBackup(_ invocation: Invocation) -> Int32 {
        let name = invocation.operand(Commands.newBackupName) ?? timeName()
        return backing(invocation) { backups in
            try backups.add(name)
            print("BACKUP object \"\(LineText.printable(name))\" added")
        }
    }

    static func listBackups(_ invocation: Invocation) -> Int32 {
        backing(invocation) { backups in
            let names = backups.names()
            if invocation.has(Commands.json) {
                print(JSONValue.object(["backups": .array(names.map { .text($0) })]).text())
                return
            }
            for name in names { print("BACKUP \"\(LineText.printable(name))\"") }
        }
    }

    static func deleteBackup(_ invocation: Invocation) -> Int32 {
        let name = invocation.operand(Commands.backupName) ?? ""
        return backing(invocation) { backups in
            try backups.delete(name)
            print("BACKUP object \"\(LineText.printable(name))\" deleted")
        }
    }

    static func restoreBackup(_ invocation: Invocation) -> Int32 {
        let name = invocation.operand(Commands.backupName) ?? ""
        return backing(invocation) { backups in
            try refuseShared(invocation)
            let change = try backups.restoring(name, author: .current, tool: "hostelry backup restore")
            // A backup without applicationHost.config is refused.
            let new = change.files.first(where: \.isServerFile)?.content ?? []
            let old = try DocumentFile(configurationPath(invocation)).read()?.bytes
            let outcome = try make(change, replacing: old, with: new, invocation)
            print("Restored configuration from backup \"\(LineText.printable(name))\"")
            print("It is version \(outcome.version)" + (outcome.isLive ? "; the server serves by it." : "."))
        }
    }

    private static func backing(_ invocation: Invocation, _ body: (ConfigurationBackups) throws -> Void) -> Int32 {
        do {
            try body(
                ConfigurationBackups(
                    configuration: configurationPath(invocation), state: statePath(invocation),
                    server: try? server(invocation)))
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    /// As IIS names them: the local time, for example `20261128T091500`.
    static func timeName() -> String {
        let text = Timestamp(nanoseconds: WallClock.localSeconds() * 1_000_000_000).text
        return String(text.prefix(19).filter { $0 != "-" && $0 != ":" })
    }
}
