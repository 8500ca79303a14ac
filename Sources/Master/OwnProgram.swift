import Platform

/// The master's own program: where it lies, how it was called, and whether what lies there now can take its place.
struct OwnProgram: Sendable {
    /// How long the new version may take to say its name. Unit: milliseconds.
    private static let patience: Int32 = 10_000

    /// As it was called where that leads to it, so that a link that is moved to a new version is followed.
    let path: String
    /// The arguments it was called with, its name first.
    let arguments: [String]

    init(arguments: [String]) throws(SystemError) {
        let own = try CurrentProcess.executable()
        let called = arguments.first ?? ""
        let folder = called.hasPrefix("/") ? "" : "\(try CurrentProcess.workingFolder())/"
        path = called.contains("/") && FilePath.resolved(folder + called) == own ? folder + called : own
        self.arguments = arguments
    }

    /// Runs the program that lies there now as far as telling its version, and looks for the roles' programs beside it.
    /// Answers why it cannot take over; nil when it can. Waits: not for an event loop.
    func problem() -> String? {
        guard let file = FilePath.resolved(path) else { return "\(path) is not there" }
        guard RoleLauncher.folder(beside: file) != nil else {
            return "the programs of the roles are not beside \(file)"
        }
        do throws(SystemError) {
            var check = ProcessSpecification(executable: file, arguments: [path, "--version"])
            check.environment = [(name: "SWIFT_BACKTRACE", value: "enable=no")]
            let process = try ChildProcess.start(check)
            switch try process.waitForExit(timeout: Self.patience) {
            case .status(0)?: return nil
            case .status(let status)?: return "\(file) --version ends with status \(status)"
            case .signal(let signal, _)?: return "\(file) --version ends on signal \(signal)"
            case .unknown?: return "\(file) --version ends"
            case nil:
                process.signal(9)
                _ = try process.waitForExit()
                return "\(file) --version does not end"
            }
        } catch {
            return "\(error)"
        }
    }
}
