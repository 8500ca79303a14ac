import Administration
import Arguments
import Configuration
import Events
import Glibc
import HostModel
import Master
import Platform

/// `hostelry express`.
extension Execution {
    static func express(_ invocation: Invocation) -> Int32 {
        do throws(ExpressFailure) {
            let choice = try choice(invocation)
            let instance: ExpressInstance
            do {
                instance = try ExpressInstance(in: Places.temporary)
            } catch {
                throw ExpressFailure("there is no place for its state: \(error)")
            }
            defer { instance.remove() }
            let (path, model, sockets) =
                invocation.has(Commands.expressPath)
                ? try configuration(ofFolder: invocation, instance) : try configuration(ofFile: invocation, choice)
            let sites = Dictionary(model.sites.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            let screen = ExpressScreen(addresses: ExpressAddresses.lines(of: model, choice), sites: sites)
            return MasterCommand(
                configurationPath: path, statePath: instance.statePath, version: Commands.version,
                arguments: CommandLine.arguments,
                session: OwnSession(
                    sites: choice, sockets: sockets, trace: invocation.has(Commands.trace) ? screen.show : nil),
                log: screen
            ).run()
        } catch {
            let hint = error.status == UsageError.exitStatus ? "Try 'hostelry express --help'.\n" : ""
            StandardError.write(Array("hostelry express: \(LineText.printable(error.reason))\n\(hint)".utf8))
            return error.status
        }
    }

    private static func choice(_ invocation: Invocation) throws(ExpressFailure) -> SiteChoice {
        let choices: [SiteChoice] = [
            invocation.text(Commands.expressSite).map { .name($0) },
            invocation.number(Commands.expressSiteID).map { .id(UInt32($0)) },
            invocation.text(Commands.expressPool).map { .pool($0) },
        ].compactMap(\.self)
        let isFolder = invocation.has(Commands.expressPath)
        guard choices.count <= 1 else { throw .usage("--site, --siteid and --apppool exclude each other") }
        guard !isFolder || choices.isEmpty && !invocation.has(Commands.expressConfiguration) else {
            throw .usage("--path serves a folder, --config, --site, --siteid and --apppool serve what a file says")
        }
        guard isFolder || !invocation.has(Commands.expressPort) else {
            throw .usage("--port goes with --path; otherwise the sites' bindings name their ports")
        }
        return choices.first ?? .all
    }

    private static func configuration(
        ofFolder invocation: Invocation, _ instance: ExpressInstance
    ) throws(ExpressFailure) -> (path: String, model: HostModel, sockets: [HeldSocket]) {
        let folder = Places.absolute(invocation.text(Commands.expressPath) ?? "")
        guard Places.isFolder(folder) else { throw ExpressFailure("\(folder) is no folder") }
        let wanted = invocation.number(Commands.expressPort).map { UInt16(clamping: $0) }
        // Held from here on: another command at the same time gets another port.
        guard let sockets = LoopbackSockets.take(wanted) else {
            let isForbidden = wanted.map { $0 < 1024 } ?? false
            throw ExpressFailure(
                "port \(wanted ?? 0) cannot be listened at: it is taken"
                    + (isForbidden ? ", or this user may not have one below 1024" : ""))
        }
        let foreign = CurrentProcess.user == 0 ? ForeignPrograms.trace(in: folder) : nil
        do {
            try instance.write(
                servingFolder: folder, addresses: sockets.addresses, port: sockets.port,
                application: try application(in: folder, foreign), environment: developersVariables,
                startsPrograms: foreign == nil)
            if let foreign { try refuseForeignProgram(instance.configurationPath, folder, foreign) }
        } catch let failure as ExpressFailure {
            throw failure
        } catch {
            throw ExpressFailure("its configuration cannot be written: \(error)")
        }
        return (instance.configurationPath, try model(instance.configurationPath), sockets.sockets)
    }

    private static func configuration(
        ofFile invocation: Invocation, _ choice: SiteChoice
    ) throws(ExpressFailure) -> (path: String, model: HostModel, sockets: [HeldSocket]) {
        let path: String
        if let given = invocation.text(Commands.expressConfiguration) {
            path = Places.absolute(given)
        } else if let found = Places.developersConfiguration {
            path = found
        } else {
            throw ExpressFailure(
                "there is no .vs/config/applicationhost.config here and no configuration of the user's own; "
                    + "'hostelry express --path .' serves this folder")
        }
        let model = try model(path)
        guard model.sites.contains(where: choice.includes) else {
            let names = model.sites.map { "\"\($0.name)\" (\($0.id))" }.joined(separator: ", ")
            throw ExpressFailure("\(path) has no such site\(names.isEmpty ? "" : "; it has \(names)")")
        }
        return (path, model, [])
    }

    private static func model(_ path: String) throws(ExpressFailure) -> HostModel {
        do throws(ConfigurationError) {
            return HostModel.build(try ServerConfiguration.read(path: path))
        } catch {
            throw ExpressFailure(error.description)
        }
    }
}

/// Why nothing is served.
struct ExpressFailure: Error {
    let reason: String
    let status: Int32

    init(_ reason: String) {
        self.reason = reason
        status = 1
    }

    private init(reason: String, status: Int32) {
        self.reason = reason
        self.status = status
    }

    static func usage(_ reason: String) -> ExpressFailure {
        ExpressFailure(reason: reason, status: UsageError.exitStatus)
    }
}
