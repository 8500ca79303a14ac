import Configuration
import Glibc
import Platform
import Programs
import Synchronization

/// What the start of a process needs that may wait for disks or other processes: for another thread than the loop's.
struct BackendStart: Sendable {
    let launcher: any BackendLauncher
    /// As the section has it, for where there is no plan.
    let commandLine: String
    let token: String
    let socketPath: String?
    /// The value of the variable by which the process and what comes of it are known.
    let mark: String

    static let markName = "HOSTELRY_BACKEND"

    /// A port is chosen and everything that the process is made of is found.
    func plan() -> Result<LaunchPlan, StartProblem> {
        guard let port = BackendPlace.freePort() else {
            return .failure(
                StartProblem(
                    stage: .port, text: "of the ports that were tried, none was free", code: StartProblem.unspecified,
                    commandLine: commandLine))
        }
        let plan: LaunchPlan
        do throws(LaunchFailure) {
            plan = try launcher.plan(port: port, socketPath: socketPath, token: token)
        } catch {
            return .failure(
                StartProblem(
                    stage: .commandLine, text: error.text, code: StartProblem.unspecified, commandLine: commandLine,
                    port: port))
        }
        guard plan.port == port || BackendPlace.ports.contains(plan.port) else {
            let limits = BackendPlace.ports
            return .failure(
                StartProblem(
                    stage: .port,
                    text: "ASPNETCORE_PORT is to be a number from \(limits.lowerBound) to \(limits.upperBound)",
                    code: StartProblem.unspecified, isLasting: true, commandLine: plan.commandLine, port: plan.port))
        }
        return .success(plan)
    }

    /// Starts the process with those streams, which are closed here then.
    func start(_ plan: LaunchPlan, _ streams: InheritedStreams) -> Result<ChildProcess, StartProblem> {
        let held = streams.take()
        var specification = ProcessSpecification(executable: plan.executable, arguments: plan.arguments)
        specification.environment = plan.environment.map { ($0.name, $0.value) }
        specification.environment.append((Self.markName, mark))
        specification.directory = plan.directory
        specification.hasOwnGroup = true
        // Its session is the worker's, by which the master finds what a worker leaves behind.
        specification.parentDeathSignal = SIGKILL
        specification.descriptors = held.sources
        defer { held.close() }
        do throws(SystemError) {
            try CurrentProcess.adoptDescendants()
            return .success(try ChildProcess.start(specification))
        } catch {
            return .failure(
                StartProblem(
                    stage: .process, text: "\(error)", code: StartProblem.code(error), commandLine: plan.commandLine,
                    port: plan.port))
        }
    }
}

/// Carries streams to the thread that starts the process.
final class InheritedStreams: Sendable {
    /// The number of each in the new process, and the descriptor here, which is owned.
    struct Held {
        fileprivate(set) var sources: [(number: Int32, source: Int32)] = []

        func close() { for each in sources { _ = FileDescriptor(owning: each.source) } }
    }

    private let held: Mutex<Held>

    init(_ streams: consuming BackendStreams) {
        var sources: [(number: Int32, source: Int32)] = []
        if let output = streams.output.take() { sources.append((1, output.release())) }
        if let errors = streams.errors.take() { sources.append((2, errors.release())) }
        held = Mutex(Held(sources: sources))
    }

    deinit { take().close() }

    /// The streams, once; none after that. Whoever takes them closes them.
    func take() -> Held {
        held.withLock { held in
            let taken = held
            held = Held()
            return taken
        }
    }
}
