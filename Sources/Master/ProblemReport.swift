import Events
import HostModel

/// Tells the problems of a configuration, each once, and not without end.
enum ProblemReport {
    /// A configuration with more is told in full by `hostelry check`.
    private static let limit = 50

    static func record(_ problems: [Problem], to log: any EventRecorder) {
        for problem in problems.prefix(limit) {
            let object = problem.object.isEmpty ? "" : problem.object
            let kind: EventKind = problem.severity == .error ? .configurationProblem : .configurationDoubt
            log.record(
                Event(kind, object, problem.message, [.init("file", problem.file), .init("line", problem.line.number)]))
        }
        guard problems.count > limit else { return }
        log.record(
            Event(
                .configurationProblem,
                "There are \(problems.count - limit) more problems; 'hostelry check' tells them all."))
    }
}
