import Arguments
import Delegation
import Glibc
import Platform

if CommandLine.arguments.dropFirst() == [WebConfigClerk.argument] { _exit(WebConfigClerk.run()) }

if let words = AppCmdProgram.words(CommandLine.arguments) {
    if AppCmdProgram.mayMeetShare(words) { SeparateProcess.run { AppCmdProgram.run(words) } }
    let status = AppCmdProgram.run(words)
    fflush(nil)
    _exit(status)
}

if let words = CompletionProgram.words(CommandLine.arguments) {
    let status = CompletionProgram.run(words)
    fflush(nil)
    _exit(status)
}

if let words = IISResetProgram.words(CommandLine.arguments) {
    let status = IISResetProgram.run(words)
    fflush(nil)
    _exit(status)
}

let parser = ArgumentParser(Commands.root, version: Commands.versionText)
let words = Array(CommandLine.arguments.dropFirst())
// Whoever types the name alone wants to know what there is.
switch parser.parse(words.isEmpty ? ["--help"] : words, width: Execution.helpWidth) {
case .show(let text):
    print(text, terminator: "")
case .refuse(let error):
    StandardError.write(Array(error.text.utf8))
    exit(UsageError.exitStatus)
case .run(let invocation):
    if Execution.mayMeetShare(invocation) { SeparateProcess.run { execute(invocation) } }
    let status = execute(invocation)
    // What was printed is in the buffer until then.
    fflush(nil)
    // Threads may still be at work: no library is taken away under them.
    _exit(status)
}

/// Does what was asked for and returns the exit status.
func execute(_ invocation: Invocation) -> Int32 {
    let table: [([Command], (Invocation) -> Int32)] = [
        ([Commands.run], Execution.run), ([Commands.express], Execution.express),
        ([Commands.explain], Execution.explain), ([Commands.requests], Execution.requests),
        ([Commands.status], Execution.status), ([Commands.whoami], Execution.whoami),
        ([Commands.site, Commands.siteOwner, Commands.addOwner], Execution.addOwner),
        ([Commands.site, Commands.siteOwner, Commands.removeOwner], Execution.removeOwner),
        ([Commands.site, Commands.siteOwner, Commands.listOwners], Execution.listOwners),
        ([Commands.top], Execution.top),
        ([Commands.events], Execution.events), ([Commands.reload], Execution.reload),
        ([Commands.recycle], Execution.recycle), ([Commands.upgrade], Execution.upgrade),
        ([Commands.pool, Commands.startPool], Execution.startPool),
        ([Commands.pool, Commands.stopPool], Execution.stopPool),
        ([Commands.pool, Commands.poolUser], Execution.poolUser),
        ([Commands.pool, Commands.poolGrant], Execution.poolGrant),
        ([Commands.site, Commands.startSite], Execution.startSite),
        ([Commands.site, Commands.stopSite], Execution.stopSite),
        ([Commands.site, Commands.addSite], Execution.addSite),
        ([Commands.site, Commands.listSites], Execution.listSites),
        ([Commands.site, Commands.showSite], Execution.showSite),
        ([Commands.site, Commands.setSite], Execution.setSite),
        ([Commands.site, Commands.siteBinding, Commands.addBinding], Execution.addBinding),
        ([Commands.site, Commands.siteBinding, Commands.removeBinding], Execution.removeBinding),
        ([Commands.site, Commands.removeSite], Execution.removeSite),
        ([Commands.app, Commands.addApplication], Execution.addApplication),
        ([Commands.app, Commands.listApplications], Execution.listApplications),
        ([Commands.app, Commands.removeApplication], Execution.removeApplication),
        ([Commands.pool, Commands.addPool], Execution.addPool),
        ([Commands.pool, Commands.listPools], Execution.listPools),
        ([Commands.pool, Commands.showPool], Execution.showPool),
        ([Commands.pool, Commands.setPool], Execution.setPool),
        ([Commands.pool, Commands.removePool], Execution.removePool),
        ([Commands.config, Commands.getConfiguration], Execution.getConfiguration),
        ([Commands.config, Commands.setConfiguration], Execution.setConfiguration),
        ([Commands.config, Commands.unsetConfiguration], Execution.unsetConfiguration),
        ([Commands.edit], Execution.edit),
        ([Commands.stop], Execution.stop), ([Commands.check], Execution.check),
        ([Commands.history, Commands.listHistory], Execution.listHistory),
        ([Commands.history, Commands.showHistory], Execution.showHistory),
        ([Commands.history, Commands.diffHistory], Execution.diffHistory),
        ([Commands.history, Commands.restoreHistory], Execution.restoreHistory),
        ([Commands.backup, Commands.addBackup], Execution.addBackup),
        ([Commands.backup, Commands.listBackups], Execution.listBackups),
        ([Commands.backup, Commands.restoreBackup], Execution.restoreBackup),
        ([Commands.backup, Commands.deleteBackup], Execution.deleteBackup),
        ([Commands.keys, Commands.showKeys], Execution.showKeys),
        ([Commands.keys, Commands.rotateKeys], Execution.rotateKeys),
        ([Commands.keys, Commands.encryptSecrets], Execution.encryptSecrets),
        ([Commands.export], Execution.export), ([Commands.importing], Execution.importing),
        ([Commands.config, Commands.show], Execution.show), ([Commands.initialize], Execution.initialize),
        ([Commands.shared, Commands.enableSharing], Execution.enableSharing),
        ([Commands.shared, Commands.disableSharing], Execution.disableSharing),
        ([Commands.shared, Commands.sharingStatus], Execution.sharingStatus),
        ([Commands.pool, Commands.recycle], Execution.recycle),
        ([Commands.app, Commands.showApplication], Execution.showApplication),
        ([Commands.app, Commands.setApplication], Execution.setApplication),
        ([Commands.installModule], Execution.installModule), ([Commands.help], Execution.help),
        ([Commands.completion], Execution.completion), ([Commands.man], Execution.man),
        ([Commands.logs], Execution.logs), ([Commands.doctor], Execution.doctor),
        ([Commands.iisreset], Execution.iisreset),
        ([Commands.webConfig], Execution.webConfig),
        ([Commands.sql], Execution.sql), ([Commands.appcmd], { AppCmdProgram.run($0.operands) }),
    ]
    guard let (_, perform) = table.first(where: { $0.0.map(\.name) == Array(invocation.path.dropFirst()) }) else {
        // Every command that can be invoked has its row above.
        preconditionFailure("no such command: \(invocation.path)")
    }
    return perform(invocation)
}
