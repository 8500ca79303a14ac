import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import HostModel
import Platform

/// Shared configuration.
extension Execution {
    static func enableSharing(_ invocation: Invocation) -> Int32 {
        guard let path = invocation.text(Commands.sharedPath) else {
            return fail("say which folder holds the configuration: --path DIR")
        }
        let folder = SharedFolder(Places.absolute(path))
        return switchSharing(invocation, outcome: "The configuration of \(folder.path) is in force") {
            place throws(ConfigurationError) in
            try place.enabling(folder, userName: invocation.text(Commands.sharedUser))
        }
    }

    static func disableSharing(_ invocation: Invocation) -> Int32 {
        switchSharing(invocation, outcome: "The local configuration is in force") { place throws(ConfigurationError) in
            try place.disabling(copyingBack: invocation.has(Commands.copyBack))
        }
    }

    private static func switchSharing(
        _ invocation: Invocation, outcome: String,
        planning: (SharingSwitch) throws(ConfigurationError) -> SharingSwitch.Plan
    ) -> Int32 {
        let state = statePath(invocation)
        let plan: SharingSwitch.Plan
        do throws(ConfigurationError) {
            plan = try planning(SharingSwitch(local: configurationPath(invocation), state: state))
        } catch {
            return fail(error.description)
        }
        print(ProblemList(plan.problems).text, terminator: "")
        guard !plan.hasErrors else {
            return fail("nothing was changed: the configuration that would be served has errors")
        }
        for line in lines(plan.changes) { print(LineText.printable(line)) }
        if invocation.has(Commands.sharedDryRun) {
            for writing in plan.writings { print("would write \(LineText.printable(writing.path))") }
            return 0
        }
        do throws(FileError) {
            try plan.commit()
        } catch {
            return fail("\(error); what is in force stays in force")
        }
        return announce(outcome, state)
    }

    /// Has a running server go over at once, and waits for it.
    private static func announce(_ outcome: String, _ state: String) -> Int32 {
        do throws(ControlClient.Failure) {
            switch try ControlClient(stateFolder: state).ask(.reload) {
            case .done: print("\(LineText.printable(outcome)).")
            case .refused(let refusal): return fail("it is written, but the server refuses it: \(refusal.text)")
            }
        } catch {
            guard error == .notRunning else { return fail("it is written, but the server cannot be asked: \(error)") }
            print("\(LineText.printable(outcome)) when the server starts.")
        }
        return 0
    }

    private static func lines(_ changes: [ModelChange]?) -> [String] {
        guard let changes else { return ["What is in force now cannot be read: what would change cannot be told."] }
        guard !changes.isEmpty else { return ["Nothing would be served differently."] }
        return changes.map { change in
            switch change {
            case .siteAdded(let site): "+ site \"\(site.name)\""
            case .siteRemoved(let site): "- site \"\(site.name)\""
            case .siteChanged(_, let site, _): "* site \"\(site.name)\""
            case .poolAdded(let pool): "+ pool \"\(pool.name)\""
            case .poolRemoved(let pool): "- pool \"\(pool.name)\""
            case .poolChanged(_, let pool, let recycles): "* pool \"\(pool.name)\"\(recycles ? ", recycled" : "")"
            case .limitsChanged: "* limits of all sites"
            case .serverSettingsChanged: "* settings that all sites inherit"
            }
        }
    }

    static func sharingStatus(_ invocation: Invocation) -> Int32 {
        let redirection: Redirection
        do throws(ConfigurationError) {
            redirection = try Redirection.beside(configurationPath(invocation))
        } catch {
            return fail(error.description)
        }
        var status: ServerStatus?
        if let client = try? ControlClient(stateFolder: statePath(invocation)),
            case .done(let members)? = try? client.ask(.status)
        {
            status = ServerStatus(members)
        }
        let shared = status?.sharedConfiguration
        if invocation.has(Commands.sharingJSON) {
            let json: JSONValue = .object([
                "enabled": .boolean(redirection.isEnabled), "folder": .text(redirection.folder),
                "pollingPeriod": .integer(redirection.pollingPeriod.components.seconds),
                "pollsOnly": .boolean(redirection.pollsOnly), "server": shared?.json ?? .null,
            ])
            print(json.text())
            return 0
        }
        print(
            redirection.isEnabled
                ? "\(LineText.printable(redirection.file)) names \(LineText.printable(redirection.folder))."
                : "\(LineText.printable(redirection.file)) enables no shared configuration.")
        let server =
            shared.map { "The server: \(StatusText.text($0))" }
            ?? (status == nil ? "No server runs, or it cannot be asked." : "The server serves the local file.")
        print(server)
        return 0
    }
}
