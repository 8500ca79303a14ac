import Administration
import AppCmd
import Arguments
import Configuration
import ConfigurationStore
import Events
import Glibc
import HostModel
import Operations
import Platform

/// The server's configuration as a command found it, and writing what the command makes of it.
struct ServerFileEdit {
    let invocation: Invocation
    /// The file in force, and what it holds.
    let path: String
    let old: [UInt8]
    let server: ServerConfiguration
    let objects: HostedObjects

    init(_ invocation: Invocation) throws {
        let file = try FileInForce.of(Execution.configurationPath(invocation))
        guard let bytes = try file.bytes() else {
            throw Execution.Refusal(
                "there is no \(file.path); 'hostelry init DIR' writes a configuration, --config names another one")
        }
        self.invocation = invocation
        path = file.path
        old = bytes
        server = try file.configuration(bytes, variables: ["HOSTELRY_STATE": Execution.statePath(invocation)])
        objects = HostedObjects(server)
    }

    /// For changes of sites and pools. Refuses to go on from a file whose structure is broken.
    func hosting() throws -> HostingEditor {
        if let problem = server.file.problems.first { throw problem }
        return HostingEditor(server, seal: seal)
    }

    private var instance: LocalInstance {
        LocalInstance(
            configuration: Execution.configurationPath(invocation), state: Execution.statePath(invocation))
    }

    var seal: SectionEditor.Seal {
        let instance = instance
        return { text throws(OperationError) in
            do throws(InstanceFailure) {
                return try instance.seal(text)
            } catch {
                throw .configuration(ConfigurationError(file: "", line: 0, error.text))
            }
        }
    }

    /// Whether the file holds something else by now.
    var isOvertaken: Bool { (try? ServerConfiguration.bytes(ofFile: path)) != old }

    // MARK: What is named

    func site(_ name: String) throws -> HostedSite {
        guard let site = objects.site(name) else {
            throw Execution.Refusal(
                Spelling.missing("site", name, among: objects.sites.map(\.name), listedBy: "hostelry site list"))
        }
        return site
    }

    func pool(_ name: String) throws -> HostedPool {
        let pools = objects.pools
        guard let pool = pools.first(where: { $0.name.isSame(as: name) }) else {
            throw Execution.Refusal(
                Spelling.missing("pool", name, among: pools.map(\.name), listedBy: "hostelry pool list"))
        }
        return pool
    }

    /// The applications that run in a pool, for example `Site/shop`.
    func applications(in pool: String) -> [String] {
        objects.sites.flatMap(\.applications).filter { $0.pool.isSame(as: pool) }.map(\.name)
    }

    // MARK: Writing

    /// What is to come of a change.
    struct Intention {
        /// What the version's comment says where nobody gives one.
        let comment: String
        /// What is printed when it is done, without a full stop.
        let done: String
        /// Whether the person at the terminal sees it and is asked.
        var isAskedAbout = false
        /// The site whose content the pools' users are to reach then.
        var site: String?
        /// Whether the configuration has been checked as it would be.
        var isChecked = false
        /// What changes beside the server's file, in the same step.
        var others: [FileChange] = []
    }

    func submit(_ file: DraftFile, _ intention: Intention) throws -> Int32 {
        try submit(try file.applied().stored, intention)
    }

    /// Checks, shows and makes the change; the exit status.
    func submit(_ new: [UInt8], _ intention: Intention) throws -> Int32 {
        guard new != old else {
            print("There is nothing to change: the configuration says so already.")
            return 0
        }
        if !intention.isChecked { try Execution.check(new, replacing: old, invocation) }
        let isTrial = invocation.has(Commands.trial)
        let asks = intention.isAskedAbout && !invocation.has(Commands.yes) && Question.canBeAsked
        if isTrial || asks { print(difference(new), terminator: "") }
        guard !isTrial else {
            print("Nothing is changed: that is what would be.")
            return 0
        }
        // The difference is to stand before the question.
        fflush(nil)
        guard !asks || Question.ask("Make this change?") else {
            print("Nothing is changed.")
            return 1
        }
        do throws(InstanceFailure) {
            try instance.checkServer()
        } catch {
            throw Execution.Refusal(error.text)
        }
        let change = ConfigurationChange(
            files: [FileChange(path, expected: .init(old), content: new, isServerFile: true)] + intention.others,
            author: .current,
            tool: invocation.path.joined(separator: " "),
            comment: invocation.text(Commands.comment) ?? intention.comment)
        let outcome = try ChangeSubmission.make(change, state: Execution.statePath(invocation))
        print(
            "\(LineText.printable(intention.done)), as version \(outcome.version)"
                + (outcome.isLive ? "; the server serves by it." : "."))
        if let site = intention.site { tellWhatIsOutOfReach(of: site, in: new) }
        return 0
    }

    private func tellWhatIsOutOfReach(of site: String, in new: [UInt8]) {
        guard CurrentProcess.user == 0, let changed = try? server.replacingFile(new) else { return }
        let problems = ContentReach.problems(
            in: HostModel.build(changed), file: path, stateFolder: Execution.statePath(invocation), only: site)
        StandardError.write(Array(ProblemList(problems).text.utf8))
    }

    /// As `diff -u`, without secrets, coloured for whoever watches.
    private func difference(_ new: [UInt8]) -> String {
        let comparison = VersionComparison(
            from: old, path, to: new, "\(path) (changed)", path: Execution.configurationPath(invocation),
            state: Execution.statePath(invocation))
        guard let comparison, !comparison.text.isEmpty else {
            // Where only a secret is another one, no line shows it.
            return "What differs is secret, and not shown.\n"
        }
        return DifferenceText(comparison.text, isColoured: Execution.isColoured).text
    }
}

extension Execution {
    /// What was asked for makes no sense without something else.
    struct Misuse: Error {
        let reason: String
    }

    /// Does it anew, on what the configuration is then, where somebody else was faster.
    static func beginningAnew(
        where isOvertaken: (ChangeSubmission.Failure) -> Bool = { $0.kind == .conflict }, _ once: () throws -> Int32
    ) throws -> Int32 {
        for _ in 1..<ChangeAttempts.limit {
            do {
                return try once()
            } catch let failure as ChangeSubmission.Failure where isOvertaken(failure) {
                continue
            }
        }
        return try once()
    }

    /// A command that changes the server's file, or tells what is in it.
    ///
    /// - Parameter repeats: whether it is done again, on what the file holds then, where somebody else was faster.
    static func withServerFile(
        _ invocation: Invocation, repeats: Bool = true, _ body: (ServerFileEdit) throws -> Int32
    ) -> Int32 {
        do {
            var last: ServerFileEdit?
            return try beginningAnew { failure in
                repeats && (failure.kind == .conflict || failure.isUnmade && last?.isOvertaken == true)
            } _: {
                let edit = try ServerFileEdit(invocation)
                last = edit
                return try body(edit)
            }
        } catch let misuse as Misuse {
            let name = invocation.path.joined(separator: " ")
            StandardError.write(
                Array("\(name): \(LineText.printable(misuse.reason))\nTry '\(name) --help'.\n".utf8))
            return UsageError.exitStatus
        } catch let failure as ChangeSubmission.Failure {
            StandardError.write(Array(ProblemList(failure.problems).text.utf8))
            return fail(failure.description)
        } catch {
            return fail("\(error)")
        }
    }

    /// Prints what was asked for, for a program or for a person.
    static func answer(
        _ isForProgram: Bool, _ json: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String
    ) -> Int32 {
        print(isForProgram ? json().text() + "\n" : text(), terminator: "")
        return 0
    }

    /// Unit: columns. What goes into a file or a pipe is not cut.
    static var tableWidth: Int { CurrentProcess.terminalWidth ?? 1_000_000 }

    static var isColoured: Bool {
        CurrentProcess.terminalWidth != nil && (CurrentProcess.variable("NO_COLOR") ?? "").isEmpty
            && CurrentProcess.variable("TERM") != "dumb"
    }

    /// A running server's status; nil where none runs, or it cannot be asked.
    static func liveStatus(_ invocation: Invocation) -> ServerStatus? {
        // One that hangs is as good as none. Unit: milliseconds.
        guard let client = try? ControlClient(stateFolder: statePath(invocation), patience: 900),
            case .done(let members)? = try? client.ask(.status)
        else { return nil }
        return ServerStatus(members)
    }

    /// What a folder on the command line is in the configuration; one that begins with a variable stays as typed.
    static func contentFolder(_ text: String) -> String {
        guard !text.hasPrefix("%") else { return text }
        let folder = Places.absolute(text)
        if !Places.isFolder(folder) {
            StandardError.write(
                Array("hostelry: warning: there is no folder \(LineText.printable(folder)) yet\n".utf8))
        }
        return folder
    }

    /// Says what `element` has where `body` names an attribute that it has not.
    static func naming<Outcome>(
        in element: @autoclosure () throws -> Element, listedBy command: String? = nil, _ body: () throws -> Outcome
    ) throws -> Outcome {
        do {
            return try body()
        } catch OperationError.unknownAttribute(let name) {
            let known = (try? SectionValue.all(in: element()).map(\.name)) ?? []
            throw Refusal(Spelling.missing("attribute", name, among: known, listedBy: command))
        }
    }

    static func changes(_ invocation: Invocation, from index: Int) throws -> [SectionChange] {
        try invocation.operands.dropFirst(index).map { try SectionChange($0) }
    }
}
