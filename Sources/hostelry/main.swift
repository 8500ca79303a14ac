import Arguments
import Glibc
import Platform

let parser = ArgumentParser(Commands.root, version: "Hostelry \(Commands.version)")
switch parser.parse(Array(CommandLine.arguments.dropFirst()), width: min(CurrentProcess.terminalWidth ?? 80, 100)) {
case .show(let text):
    print(text, terminator: "")
case .refuse(let error):
    StandardError.write(Array(error.text.utf8))
    exit(UsageError.exitStatus)
case .run(let invocation):
    let status = execute(invocation)
    // What was printed is in the buffer until then.
    fflush(nil)
    exit(status)
}

/// Does what was asked for and returns the exit status.
func execute(_ invocation: Invocation) -> Int32 {
    switch invocation.command.name {
    case Commands.run.name: Execution.run(invocation)
    case Commands.check.name: Execution.check(invocation)
    case Commands.show.name: Execution.show(invocation)
    case Commands.poolUser.name: Execution.poolUser(invocation)
    case Commands.poolGrant.name: Execution.poolGrant(invocation)
    case Commands.initialize.name: Execution.initialize(invocation)
    default:
        // Every command of the table has its case above.
        preconditionFailure("no such command: \(invocation.command.name)")
    }
}
