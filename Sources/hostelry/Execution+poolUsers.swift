import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import HostModel
import Platform

extension Execution {
    static func poolUser(_ invocation: Invocation) -> Int32 {
        do {
            let account = try account(invocation, assigning: false)
            if invocation.has(Commands.json) {
                print(
                    """
                    {
                      "name": \(LineText.quoted(account.name)),
                      "user": \(account.user),
                      "group": \(account.group),
                      "home": \(LineText.quoted(account.home.path))
                    }
                    """)
            } else {
                print("name   \(LineText.printable(account.name))")
                print("user   \(account.user)")
                print("group  \(account.group)")
                print("home   \(LineText.printable(account.home.path))")
            }
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    static func poolGrant(_ invocation: Invocation) -> Int32 {
        let path = Places.absolute(invocation.operand(Commands.grantedPath) ?? "")
        let isTrial = invocation.has(Commands.dryRun)
        let mayWrite = !invocation.has(Commands.readOnly)
        do {
            let account = try account(invocation, assigning: !isTrial)
            let grant = AccessGrant(account, mayWrite: mayWrite, isTrial: isTrial)
            let progress = Progress("Granting access")
            defer { progress.end() }
            let outcome = try grant.apply(to: path) { progress.tell($0) }
            progress.end()
            for note in outcome.notes { tell("left alone: \(note)") }
            if outcome.noteCount > outcome.notes.count { tell("and \(outcome.noteCount - outcome.notes.count) more") }
            let access = mayWrite ? "read and write" : "read"
            print(
                "\(LineText.printable(account.name)) (\(account.user)) \(isTrial ? "could" : "can") \(access) "
                    + "\(LineText.printable(path)): \(outcome.changed) of \(outcome.count) \(isTrial ? "would change" : "changed")."
            )
            let obstacles = grant.obstacles(above: path)
            for folder in obstacles {
                tell("the user cannot pass through \(folder); \(grant.remedy(for: folder))")
            }
            return obstacles.isEmpty ? 0 : 1
        } catch {
            return fail("\(error)")
        }
    }

    private static func account(_ invocation: Invocation, assigning: Bool) throws -> PoolAccount {
        let state = statePath(invocation)
        let server = try FileInForce.of(configurationPath(invocation)).read(variables: ["HOSTELRY_STATE": state])
        return try PoolAccount.of(
            poolNamed: invocation.operand(Commands.poolName) ?? "", in: HostModel.build(server), stateFolder: state,
            assigning: assigning)
    }

    private static func tell(_ text: String) {
        StandardError.write(Array("hostelry: \(LineText.printable(text))\n".utf8))
    }
}
