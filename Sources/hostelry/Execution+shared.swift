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
        guard let path = invocation.text(Commands.sharedPath).map(Places.absolute) else {
            return fail("say which folder holds the configuration: --path DIR")
        }
        let (state, userName) = (statePath(invocation), invocation.text(Commands.sharedUser))
        let place = SharingSwitch(local: configurationPath(invocation), state: state)
        do {
            let own = try KeyFile(state: state).read()
            var plan = try place.enabling(path, userName: userName, ring: own)
            let folder = try place.folder(path, userName: userName)
            let incoming = try keys(of: folder, for: plan.lost, invocation)
            if let incoming {
                var ring = own ?? incoming
                ring.add(incoming)
                plan = try place.enabling(path, userName: userName, ring: ring)
            }
            return carryOut(
                plan, taking: incoming, invocation, tool: "hostelry shared enable",
                comment: "from now on that of \(folder.path)",
                outcome: "The configuration of \(folder.path) is in force",
                missingKeys: incoming == nil
                    ? "'hostelry export' on a server that has their keys writes \(KeyEnvelope.fileName): put it into "
                        + "\(folder.path), and give its password by --password-file; or write the values anew"
                    : "\(folder.keyFile) does not hold their keys either: export it again on a server that has them, or write "
                        + "the values anew")
        } catch let error as ConfigurationError {
            return fail("nothing was changed: \(error.description)")
        } catch {
            return fail("nothing was changed: \(error)")
        }
    }

    /// The keys that lie in the folder under a password; nil where nobody gives one and none is needed.
    private static func keys(
        of folder: SharedFolder, for lost: [SecretValue], _ invocation: Invocation
    ) throws -> KeyRing? {
        guard let wrapped = try folder.wrappedKeys() else {
            guard !PasswordInput.isGiven(invocation) else {
                throw Refusal("a password is given, and there is no \(folder.keyFile) that it could open")
            }
            return nil
        }
        guard !lost.isEmpty || PasswordInput.isGiven(invocation) else {
            print("\(LineText.printable(folder.keyFile)) is not opened: this server's keys open everything.")
            return nil
        }
        for value in lost {
            print("\(LineText.printable(value.place)): a key of \(LineText.printable(folder.path)) is needed")
        }
        return try KeyEnvelope.open(
            wrapped, under: try PasswordInput.read(invocation, isNew: false), path: folder.keyFile)
    }

    static func disableSharing(_ invocation: Invocation) -> Int32 {
        let state = statePath(invocation)
        do {
            let copiesBack = invocation.has(Commands.copyBack)
            let plan = try SharingSwitch(local: configurationPath(invocation), state: state)
                .disabling(copyingBack: copiesBack, ring: copiesBack ? nil : try KeyFile(state: state).read())
            return carryOut(
                plan, taking: nil, invocation, tool: "hostelry shared disable", comment: "from now on the local one",
                outcome: "The local configuration is in force",
                missingKeys: "write the values of the local file anew, or make the shared one it by --copy-back")
        } catch let error as ConfigurationError {
            return fail(error.description)
        } catch {
            return fail("nothing was changed: \(error)")
        }
    }

    /// - Parameters:
    ///   - incoming: keys that come with the configuration.
    ///   - missingKeys: what to do about values that no key opens.
    private static func carryOut(
        _ plan: SharingSwitch.Plan, taking incoming: KeyRing?, _ invocation: Invocation, tool: String, comment: String,
        outcome: String, missingKeys: String
    ) -> Int32 {
        let state = statePath(invocation)
        print(ProblemList(plan.problems).text, terminator: "")
        guard !plan.hasErrors else {
            let advice =
                plan.lost.isEmpty ? "" : "; no key of this server opens \(plan.lost.count) values: \(missingKeys)"
            return fail("nothing was changed: the configuration that would be served has errors\(advice)")
        }
        for line in lines(plan.changes) { print(LineText.printable(line)) }
        if invocation.has(Commands.sharedDryRun) {
            if let incoming { print("would take in \(incoming.entries.count) keys") }
            for file in plan.files { print("would write \(LineText.printable(file.path))") }
            return 0
        }
        do {
            let keyFile = KeyFile(state: state)
            let takeBack = try incoming.map(keyFile.take)
            let status = commit(plan, invocation, tool: tool, comment: comment, outcome: outcome, takeBack)
            if status == 0, let incoming {
                // What this server seals, the others are to open.
                try keyFile.edit { $0.adopt(incoming) }
                print("The keys of the shared configuration are this server's: new values are sealed with theirs.")
            }
            return status
        } catch {
            return fail("\(error)")
        }
    }

    /// - Parameter takeBack: takes the keys out again that the change would need.
    private static func commit(
        _ plan: SharingSwitch.Plan, _ invocation: Invocation, tool: String, comment: String, outcome: String,
        _ takeBack: (() throws(KeyFileError) -> Void)?
    ) -> Int32 {
        let state = statePath(invocation)
        guard !plan.files.isEmpty else {
            print("Nothing is different.")
            return 0
        }
        do {
            if let left = plan.left, try IntentRecovery.giveUp(in: left, state: state) {
                print("A change in \(LineText.printable(left.path)) that had stopped half-way is given up.")
            }
            let change = ConfigurationChange(files: plan.files, author: .current, tool: tool, comment: comment)
            let made = try ChangeSubmission.make(change, state: state)
            print("\(LineText.printable(outcome))\(made.isLive ? "" : " when the server starts").")
            return 0
        } catch let error as ChangeSubmission.Failure {
            // A change that may be made later needs them.
            if error.isUnmade, !IntentRecovery.isNeeded(state: state) { try? takeBack?() }
            let written = error.version.map { "version \($0) is written, but the server does not serve by it: " } ?? ""
            return fail(written + error.description)
        } catch {
            try? takeBack?()
            return fail("\(error)")
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
                "userName": .text(redirection.userName), "remark": .optional(redirection.remark),
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
        if redirection.isEnabled {
            let reader = redirection.userName.isEmpty ? "the server's own account" : redirection.userName
            let period = redirection.pollingPeriod.components.seconds
            print("It is read as \(LineText.printable(reader)), and looked at every \(period) s.")
        }
        if let remark = redirection.remark { print("warning: \(LineText.printable(remark))") }
        let server =
            shared.map { "The server: \(StatusText.text($0))" }
            ?? (status == nil ? "No server runs, or it cannot be asked." : "The server serves the local file.")
        print(server)
        return 0
    }
}
