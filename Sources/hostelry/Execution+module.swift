import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import HostModel
import Operations
import Platform

/// Installing the ASP.NET Core Module.
extension Execution {
    static func installModule(_ invocation: Invocation) -> Int32 {
        if invocation.has(Commands.moduleVersion) {
            print(Commands.versionText)
            return 0
        }
        let log = InstallationLog()
        log.note("\(Commands.versionText.split(separator: "\n").joined(separator: "; "))")
        log.note("\(invocation.path.joined(separator: " ")) of \(configurationPath(invocation))")
        let status = registerModule(invocation, log)
        log.note("Ended with the status \(status).")
        if let path = log.write() { print("The log is \(LineText.printable(path)).") }
        return status
    }

    private static func registerModule(_ invocation: Invocation, _ log: InstallationLog) -> Int32 {
        do {
            let redirection = try Redirection.beside(configurationPath(invocation))
            if redirection.isEnabled, let reason = refusal(of: redirection.folder) {
                log.note("Refused: \(reason)")
                let status = fail(reason)
                StandardError.write(Array(documentedWay(invocation, redirection.folder).utf8))
                return status
            }
        } catch {
            log.note("Refused: \(error)")
            return fail("\(error)")
        }
        return withServerFile(invocation) { edit in
            do {
                return try invocation.has(Commands.uninstall) ? uninstall(edit, log) : install(edit, log)
            } catch {
                log.note("Nothing is changed: \(error)")
                throw error
            }
        }
    }

    private static func install(_ edit: ServerFileEdit, _ log: InstallationLog) throws -> Int32 {
        let registration = ModuleRegistration.aspNetCore
        let missing = registration.missing(in: edit.server)
        log.note("The schema of \(registration.section) is part of the program.")
        for entry in ModuleRegistration.Entry.allCases {
            log.note("\(registration.text(entry)): \(missing.contains(entry) ? "missing" : "there already")")
        }
        guard !missing.isEmpty else {
            print("\(LineText.printable(edit.path)) has all of it already; nothing is changed.")
            return 0
        }
        let hosting = try edit.hosting()
        registration.add(missing, to: hosting.file)
        let entries = missing.map(registration.text).joined(separator: ", ")
        let status = try edit.submit(
            hosting.file, .init(comment: registration.module, done: "Added: \(entries)", isAskedAbout: true))
        log.note(
            "\(edit.invocation.has(Commands.trial) ? "To be added" : status == 0 ? "Added" : "Not added"): \(entries)")
        return status
    }

    private static func uninstall(_ edit: ServerFileEdit, _ log: InstallationLog) throws -> Int32 {
        let registration = ModuleRegistration.aspNetCore
        let hosting = try edit.hosting()
        let removed = registration.remove(from: hosting.file)
        guard !removed.isEmpty else {
            guard edit.server.builtIn == nil else {
                throw Refusal(
                    "\(edit.path) has no configSections, and so what the program brings lies beneath it, "
                        + "\(registration.module) too; there is nothing to take away")
            }
            print("\(LineText.printable(edit.path)) has nothing of it; nothing is changed.")
            return 0
        }
        try checkApplications(edit, without: try hosting.file.applied().stored)
        let entries = removed.map(registration.text).joined(separator: ", ")
        let status = try edit.submit(
            hosting.file, .init(comment: registration.module, done: "Removed: \(entries)", isAskedAbout: true))
        log.note(
            "\(edit.invocation.has(Commands.trial) ? "To be removed" : status == 0 ? "Removed" : "Not removed"): \(entries)"
        )
        return status
    }

    /// Throws where a web.config needs what is to be taken away. Reads them all, as whoever calls.
    private static func checkApplications(_ edit: ServerFileEdit, without: [UInt8]) throws {
        guard !edit.invocation.has(Commands.force) else { return }
        func mistakes(_ server: ServerConfiguration) -> [Problem] {
            ConfigurationCheck.problems(of: server).filter { $0.severity == .error && $0.file != edit.path }
        }
        let before = Set(mistakes(edit.server))
        let new = mistakes(try edit.server.replacingFile(without)).filter { !before.contains($0) }
        guard !new.isEmpty else { return }
        StandardError.write(Array(ProblemList(new).text.utf8))
        throw Refusal("applications need it; nothing is changed (--force does it all the same)")
    }

    // MARK: Shared configuration

    /// Why the configuration in the folder is not changed there; nil where it may be.
    private static func refusal(of folder: String) -> String? {
        let reason = "nothing is changed: the configuration is shared, in \(folder)"
        guard CurrentProcess.variable(Commands.checkOverride) == "1" else { return reason }
        guard let path = SystemPath(folder.utf8) else { return reason }
        // Unit: as long as other commands wait for a share.
        let kind = try? BoundedCall.run(limit: SharedFolder.patience) { NetworkFileSystem.name(at: path) }
        guard let answer = kind else { return "\(reason), which does not answer" }
        return answer.map {
            "\(reason), which is not on this machine (\($0)); \(Commands.checkOverride) is for those that are"
        }
    }

    /// What the documentation of the module says to do, as it is typed here.
    private static func documentedWay(_ invocation: Invocation, _ folder: String) -> String {
        let places = [Commands.configuration, Commands.state].compactMap { option in
            invocation.text(option).map { " \(option.name) \(quoted(Places.absolute($0)))" }
        }.joined()
        let export = quoted("\(folder)-export")
        return """
            Install it on this server alone, and put the configuration into the shared folder again:
              hostelry shared disable --copy-back\(places)
              hostelry install-module\(places)
              hostelry export --to \(export) --without-keys\(places)
              cp \(export)/applicationHost.config \(quoted(folder))/
              hostelry shared enable --path \(quoted(folder))\(places)

            """
    }

    /// For a shell.
    private static func quoted(_ text: String) -> String {
        let inner = LineText.printable(text).map { $0 == "'" ? "'\\''" : String($0) }.joined()
        return "'\(inner)'"
    }
}
