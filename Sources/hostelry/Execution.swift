import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import HostModel
import Master
import Platform

/// What each command does: reads its arguments, calls one function, prints what comes back. Each answers its exit status.
enum Execution {
    static func run(_ invocation: Invocation) -> Int32 {
        let log = EventLog(
            format: invocation.text(Commands.log).flatMap(EventFormat.init) ?? .text,
            isJournal: StandardError.isJournal(CurrentProcess.variable("JOURNAL_STREAM")), now: FileStamp.now,
            write: StandardError.write)
        return MasterCommand(
            configurationPath: configurationPath(invocation),
            statePath: statePath(invocation), version: Commands.version, arguments: CommandLine.arguments,
            allowsLocalSystem: invocation.has(Commands.allowLocalSystem), log: log
        ).run()
    }

    static func check(_ invocation: Invocation) -> Int32 {
        let list: ProblemList
        if invocation.operands.isEmpty {
            do throws(ConfigurationError) {
                let progress = Progress("Checking site")
                let server = try server(invocation)
                let problems = ConfigurationCheck.problems(
                    of: server, progress: { done, count in progress.tell(done, of: count) })
                progress.end()
                list = ProblemList(
                    problems
                        + PublishedApplications.remarks(in: server).map { $0.problem(in: server.file.document.path) }
                        + ContentReach.problems(
                            in: HostModel.build(server), file: server.file.document.path,
                            stateFolder: statePath(invocation))
                        + secretProblems(of: server, state: statePath(invocation)) + sharingProblems(invocation))
            } catch {
                list = ProblemList([Problem(error)])
            }
        } else {
            list = ProblemList(invocation.operands.flatMap { ConfigurationCheck.problems(ofWebConfig: $0) })
        }
        print(invocation.has(Commands.json) ? list.json : list.text, terminator: "")
        return list.exitStatus
    }

    static func show(_ invocation: Invocation) -> Int32 {
        let place = invocation.operand(Commands.place) ?? ""
        let section = invocation.operand(Commands.section) ?? ""
        do throws(ConfigurationError) {
            let server = try server(invocation)
            let system = ConfigurationSystem(server: server, layout: HostModel.build(server).layouts())
            let element = try system.configuration(at: ConfigurationPath(text: place)).section(section)
            print(
                EffectiveText.xml(element, path: section, provenance: invocation.has(Commands.provenance)),
                terminator: "")
            return 0
        } catch {
            return fail(error.description)
        }
    }

    static func initialize(_ invocation: Invocation) -> Int32 {
        let folder = Places.absolute(invocation.operand(Commands.folder) ?? "")
        let instance = NewInstance(folder: folder, port: UInt16(clamping: invocation.number(Commands.port) ?? 80))
        do {
            try instance.write()
            _ = try KeyFile(state: instance.statePath).readOrMake()
        } catch {
            return fail("\(error)")
        }
        print(
            """
            \(instance.configurationPath) is written. Start it with
              hostelry run --config \(instance.configurationPath) --state \(instance.statePath)
            and look at http://localhost\(instance.port == 80 ? "" : ":\(instance.port)")/
            Other commands find it by
              export HOSTELRY_CONFIG=\(instance.configurationPath) HOSTELRY_STATE=\(instance.statePath)
            """)
        return 0
    }

    /// Encrypted values that cannot be decrypted. Whoever may not read the keys is told nothing of them.
    private static func secretProblems(of server: ServerConfiguration, state: String) -> [Problem] {
        do throws(KeyFileError) {
            return SecretValue.problems(of: server, with: try KeyFile(state: state).read())
        } catch {
            return error.isDenied ? [] : [Problem(.error, file: error.path, line: 0, error.reason)]
        }
    }

    /// What of redirection.config has no effect.
    private static func sharingProblems(_ invocation: Invocation) -> [Problem] {
        // One that makes no sense has been told.
        guard let redirection = try? Redirection.beside(configurationPath(invocation)),
            let remark = redirection.remark
        else { return [] }
        return [Problem(.warning, file: redirection.file, line: 0, remark)]
    }

    static func statePath(_ invocation: Invocation) -> String {
        Places.absolute(invocation.text(Commands.state) ?? Places.state)
    }

    static func configurationPath(_ invocation: Invocation) -> String {
        Places.absolute(invocation.text(Commands.configuration) ?? Places.configuration)
    }

    /// Whether the command may look at a shared folder, and ends soon: a server stays the process that was started.
    static func mayMeetShare(_ invocation: Invocation) -> Bool {
        // An editor is the terminal's, with whatever signals it makes of keys.
        let others = [Commands.run.name, Commands.express.name, Commands.edit.name, Commands.top.name]
        // It looks at whatever file systems sites lie on.
        if invocation.path.dropFirst().first == Commands.doctor.name { return true }
        guard invocation.path.count > 1, !others.contains(invocation.path[1]) else { return false }
        // What makes no sense is told by the command itself.
        return (try? Redirection.beside(configurationPath(invocation)))?.isEnabled ?? false
    }

    static func server(_ invocation: Invocation) throws(ConfigurationError) -> ServerConfiguration {
        try FileInForce.of(configurationPath(invocation)).read(variables: ["HOSTELRY_STATE": statePath(invocation)])
    }

    static func fail(_ reason: String) -> Int32 {
        StandardError.write(Array("hostelry: \(LineText.printable(reason))\n".utf8))
        return 1
    }
}
