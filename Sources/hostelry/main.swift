import Arguments
import Events
import Glibc
import Master
import Platform

let parser = ArgumentParser(Commands.root, version: "Hostelry \(Commands.version)")
switch parser.parse(Array(CommandLine.arguments.dropFirst()), width: min(CurrentProcess.terminalWidth ?? 80, 100)) {
case .show(let text):
    print(text, terminator: "")
case .refuse(let error):
    StandardError.write(Array(error.text.utf8))
    exit(UsageError.exitStatus)
case .run(let invocation):
    exit(execute(invocation))
}

/// Does what was asked for and returns the exit status.
func execute(_ invocation: Invocation) -> Int32 {
    switch invocation.command.name {
    case Commands.run.name:
        let log = EventLog(
            format: invocation.text(Commands.log).flatMap(EventFormat.init) ?? .text,
            isJournal: StandardError.isJournal(CurrentProcess.variable("JOURNAL_STREAM")), now: FileStamp.now,
            write: StandardError.write)
        return MasterCommand(
            configurationPath: Places.absolute(invocation.text(Commands.configuration) ?? Places.configuration),
            statePath: Places.absolute(invocation.text(Commands.state) ?? Places.state), version: Commands.version,
            log: log
        ).run()
    default:
        // Every command of the table has its case above.
        preconditionFailure("no such command: \(invocation.command.name)")
    }
}
