import EventLoop
import Events
import Glibc
import Platform

/// Runs administrators' programs: `orphanActionExe` and `autoShutdownExe`.
///
/// Nobody waits for them; a master that ends leaves them to run on.
final class Errands {
    private let loop: EventLoop
    private let log: any EventRecorder
    private var running: [Int32: Errand] = [:]

    /// How many may run at once.
    private static let maximum = 16

    init(on loop: EventLoop, log: any EventRecorder) {
        self.loop = loop
        self.log = log
    }

    /// Their process ids.
    var processes: [Int32] { Array(running.keys) }

    /// `%1%` in the parameters is `process`.
    func run(_ command: PoolLife.Command, about process: Int32?) {
        guard running.count < Self.maximum else { return fail(command, "\(Self.maximum) programs run already") }
        var specification = ProcessSpecification(
            executable: command.executable, arguments: [command.executable] + command.arguments(about: process))
        specification.environment = RoleEnvironment.common(own: CurrentProcess.variable)
        specification.directory = "/"
        specification.hasOwnSession = true
        specification.descriptors = [(2, 2)]
        do throws(SystemError) {
            let child = try ChildProcess.start(specification)
            let errand = Errand(child) { [unowned self] in ended(command, $0) }
            running[child.pid] = errand
            try loop.register(child.descriptor.number, errand)
        } catch {
            fail(command, error.description)
        }
    }

    private func ended(_ command: PoolLife.Command, _ process: ChildProcess) {
        loop.unregister(process.descriptor.number)
        running[process.pid] = nil
        // The pidfd is readable: the process has ended, and nobody else reaps it.
        switch (try? process.exit()) ?? nil {
        case .status(0)?, .unknown?, nil: break
        case .status(let status)?: fail(command, "it ended with status \(status)")
        case .signal(let number, _)?: fail(command, "it ended on signal \(number)")
        }
    }

    private func fail(_ command: PoolLife.Command, _ reason: String) {
        log.record(Event(.commandFailed, "The program \(command.executable) did not do its work: \(reason)."))
    }
}

/// One program that runs.
private final class Errand: ReadinessHandler {
    private let process: ChildProcess
    private let end: (ChildProcess) -> Void

    init(_ process: ChildProcess, _ end: @escaping (ChildProcess) -> Void) {
        self.process = process
        self.end = end
    }

    func ready(_ readiness: Readiness) {
        guard readiness.contains(.readable) else { return }
        end(process)
    }
}

extension PoolLife.Command {
    /// The parameters, split at blanks outside double quotes; `%1%` is the process's number.
    func arguments(about process: Int32?) -> [String] {
        var arguments: [String] = []
        var current: String?
        var isQuoted = false
        for character in parameters {
            switch character {
            case "\"":
                isQuoted.toggle()
                current = current ?? ""
            case " " where !isQuoted, "\t" where !isQuoted:
                if let argument = current { arguments.append(argument) }
                current = nil
            default: current = (current ?? "") + String(character)
            }
        }
        if let current { arguments.append(current) }
        guard let process else { return arguments }
        return arguments.map { argument in
            var parts: [Substring] = []
            var rest = argument[...]
            while let range = Self.placeholder(in: rest) {
                parts += [rest[..<range.lowerBound], "\(process)"]
                rest = rest[range.upperBound...]
            }
            return (parts + [rest]).joined()
        }
    }

    private static func placeholder(in text: Substring) -> Range<Substring.Index>? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].hasPrefix("%1%") { return start..<text.index(start, offsetBy: 3) }
            start = text.index(after: start)
        }
        return nil
    }
}
