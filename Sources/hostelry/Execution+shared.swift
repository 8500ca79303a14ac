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
        return switchSharing(
            invocation, tool: "hostelry shared enable", comment: "from now on that of \(folder.path)",
            outcome: "The configuration of \(folder.path) is in force"
        ) {
            place throws(ConfigurationError) in
            try place.enabling(folder, userName: invocation.text(Commands.sharedUser))
        }
    }

    static func disableSharing(_ invocation: Invocation) -> Int32 {
        switchSharing(
            invocation, tool: "hostelry shared disable", comment: "from now on the local one",
            outcome: "The local configuration is in force"
        ) { place throws(ConfigurationError) in
            try place.disabling(copyingBack: invocation.has(Commands.copyBack))
        }
    }

    private static func switchSharing(
        _ invocation: Invocation, tool: String, comment: String, outcome: String,
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
            for file in plan.files { print("would write \(LineText.printable(file.path))") }
            return 0
        }
        guard !plan.files.isEmpty else {
            print("Nothing is different.")
            return 0
        }
        do throws(ChangeError) {
            if let left = plan.left, try IntentRecovery.giveUp(in: left, state: state) {
                print("A change in \(LineText.printable(left.path)) that had stopped half-way is given up.")
            }
        } catch {
            return fail("\(error)")
        }
        do throws(ChangeSubmission.Failure) {
            let change = ConfigurationChange(files: plan.files, author: .current, tool: tool, comment: comment)
            let made = try ChangeSubmission.make(change, state: state)
            print("\(LineText.printable(outcome))\(made.isLive ? "" : " when the server starts").")
            return 0
        } catch {
            let written = error.version.map { "version \($0) is written, but the server does not serve by it: " } ?? ""
            return fail(written + error.description)
        }
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
