import Administration
import Arguments
import Diagnosis
import Events
import Platform

extension Execution {
    static func doctor(_ invocation: Invocation) -> Int32 {
        let screen = DoctorScreen()
        var gathering = Gathering(
            configuration: configurationPath(invocation), state: statePath(invocation),
            configurationOption: option(Commands.configuration, invocation),
            stateOption: option(Commands.state, invocation), version: Commands.version,
            site: invocation.operand(Commands.doctorSite), progress: screen.tell)
        let picture: Picture
        do throws(Gathering.UnknownSite) {
            picture = try gathering.run()
        } catch {
            screen.end()
            return fail(
                "there is no site \"\(invocation.operand(Commands.doctorSite) ?? "")\"; 'hostelry site list' lists them"
            )
        }
        screen.end()
        let report = DiagnosisReport(picture)
        print(
            invocation.has(Commands.doctorJSON) ? report.json : report.text(isColoured: isColoured), terminator: "")
        return report.exitStatus
    }

    /// For a command about this instance, where the option was given.
    private static func option(_ option: Option, _ invocation: Invocation) -> String {
        invocation.text(option).map { " \(option.name) \(ShellWord.quoted(Places.absolute($0)))" } ?? ""
    }
}

/// Tells whoever waits what is being looked at, once it takes more than a second.
private final class DoctorScreen {
    private let start = MonotonicClock.nanoseconds()
    private let isWatched = StandardError.isTerminal
    private var isDirty = false

    func tell(_ what: String) {
        guard isWatched, MonotonicClock.nanoseconds() - start > 1_000_000_000 else { return }
        StandardError.write(Array("\r\u{1B}[KLooking at \(what)".utf8))
        isDirty = true
    }

    func end() {
        if isDirty { StandardError.write(Array("\r\u{1B}[K".utf8)) }
        isDirty = false
    }
}
