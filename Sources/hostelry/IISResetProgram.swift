import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import Glibc
import HostModel
import Platform

/// `hostelry iisreset`, and the program under the name `iisreset`.
struct IISResetProgram {
    private let configuration: String
    private let state: String

    private static let name = "iisreset"
    /// So long a server may take to be there. Unit: tenths of a second.
    private static let startPatience = 900
    /// So long a server that ends at once may take. Unit: milliseconds.
    private static let forcedPatience: Int32 = 15_000

    /// The words behind the name; nil where another command is meant.
    static func words(_ arguments: [String]) -> [String]? {
        let program = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        return [name, name + ".exe"].contains(program) ? Array(arguments.dropFirst()) : nil
    }

    /// Under its own name: the machine's instance, or that of `HOSTELRY_CONFIG` and `HOSTELRY_STATE`.
    static func run(_ words: [String]) -> Int32 {
        func place(_ variable: String, _ usual: String) -> String {
            let named = CurrentProcess.variable(variable) ?? ""
            return Places.absolute(named.isEmpty ? usual : named)
        }
        return IISResetProgram(
            configuration: place("HOSTELRY_CONFIG", Places.configuration), state: place("HOSTELRY_STATE", Places.state)
        ).perform(words)
    }

    init(configuration: String, state: String) {
        self.configuration = configuration
        self.state = state
    }

    func perform(_ words: [String]) -> Int32 {
        let asked: IISReset
        do throws(IISReset.Refusal) {
            asked = try IISReset(words)
        } catch {
            StandardError.write(Array("iisreset: \(LineText.printable(error.reason))\n\(IISReset.help)".utf8))
            return UsageError.exitStatus
        }
        do throws(Failure) {
            switch asked.action {
            case .help: print(IISReset.help, terminator: "")
            case .status: try status()
            case .stop: _ = try stop(asked)
            case .start:
                say("Attempting start...")
                if try connection() == nil { try start(like: nil) }
                say("Internet services successfully started")
            case .restart: try restart(asked)
            }
            return 0
        } catch {
            fflush(nil)
            StandardError.write(Array("iisreset: \(LineText.printable(error.reason))\n".utf8))
            return 1
        }
    }

    private struct Failure: Error {
        let reason: String
    }

    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    // MARK: The running server

    /// Nil where none runs.
    private func connection() throws(Failure) -> ControlClient? {
        do throws(ControlClient.Failure) {
            return try ControlClient(stateFolder: state, patience: 5000)
        } catch .notRunning {
            return nil
        } catch {
            throw Failure(reason: Execution.text(error, state))
        }
    }

    private func status() throws(Failure) {
        var (master, router) = ("Stopped", "Stopped")
        if let client = try connection() {
            master = "Running"
            router = "Start Pending"
            do throws(ControlClient.Failure) {
                if case .done(let members) = try client.ask(.status), let status = ServerStatus(members) {
                    if status.state == "stopping" { master = "Stop Pending" }
                    router =
                        status.state == "stopping"
                        ? "Stop Pending" : status.router.state == "ready" ? "Running" : "Start Pending"
                }
            } catch {
                throw Failure(reason: Execution.text(error, state))
            }
        }
        say("Status for Windows Process Activation Service ( WAS ) : \(master)")
        say("Status for World Wide Web Publishing Service ( W3SVC ) : \(router)")
    }

    /// How the server that was stopped had been started; nil where none ran.
    private struct Former {
        let keeper: ServiceKeeper
        let arguments: [String]?
        let folder: String?
        let environment: [(name: String, value: String)]?
    }

    private func former(_ client: ControlClient) -> Former {
        let process = ObservedProcess(client.server.pid)
        let isSystems = process.controlGroup?.hasPrefix("/system.slice/") ?? false
        let keeper = ServiceKeeper(
            pid: client.server.pid, service: isSystems && Self.hasSystemd ? process.service : nil,
            isMainProcess: process.parent == 1, hasUnit: false)
        return Former(
            keeper: keeper, arguments: process.arguments, folder: process.workingFolder,
            environment: process.environment)
    }

    private func restart(_ asked: IISReset) throws(Failure) {
        guard let client = try connection() else {
            try checkConfiguration()
            say("Attempting stop...\nInternet services successfully stopped\nAttempting start...")
            try start(like: nil)
            return say("Internet services successfully restarted")
        }
        let former = former(client)
        try checkOwner(client.server.user, former.keeper)
        guard former.keeper != .container else {
            throw Failure(
                reason: "nothing is stopped: the server is the first process of a container, which would end with it; "
                    + "restart the container, or type: hostelry reload, hostelry recycle POOL, hostelry upgrade")
        }
        try checkConfiguration()
        _ = try stop(asked)
        say("Attempting start...")
        try start(like: former)
        say("Internet services successfully restarted")
    }

    /// A server is started again with the environment, the words and in the folder that it had. These are its user's to
    /// choose, and so for nobody else to start, root least of all; and whoever is not root could not start it as that user.
    private func checkOwner(_ user: UInt32, _ keeper: ServiceKeeper) throws(Failure) {
        guard user != CurrentProcess.user else { return }
        let name = (try? Account.of(user: user))?.name ?? "\(user)"
        var ways = "type it as that user"
        if case .systemd(let unit) = keeper { ways = "type as root: systemctl restart \(unit)" }
        throw Failure(
            reason: "nothing is stopped: the server is the user \(name)'s, who alone can start it again as it was; "
                + "\(ways), or without a restart: hostelry reload, hostelry recycle POOL")
    }

    /// A server that could not start again is not stopped.
    private func checkConfiguration() throws(Failure) {
        do throws(ConfigurationError) {
            _ = HostModel.build(
                try FileInForce.of(configuration).read(variables: ["HOSTELRY_STATE": state]))
        } catch {
            throw Failure(
                reason:
                    "nothing is stopped, for the server could not be started again: \(error.description); 'hostelry check' "
                    + "tells more")
        }
    }

    private func stop(_ asked: IISReset) throws(Failure) -> Bool {
        say("Attempting stop...")
        guard let client = try connection() else {
            say("Internet services successfully stopped")
            return false
        }
        let process: RunningProcess?
        do {
            process = try RunningProcess.Identity.of(client.server.pid).flatMap { try RunningProcess.find($0) }
        } catch {
            throw Failure(reason: "\(error)")
        }
        try order(client, now: false)
        if let process, !process.waitForEnd(timeout: Int32(clamping: asked.timeout * 1000)) {
            guard asked.isForced else {
                throw Failure(
                    reason:
                        "requests are still in work after \(asked.timeout) s; the server takes no new ones, and ends when "
                        + "they are finished. Type: iisreset /start when it has ended, or: hostelry stop --now")
            }
            if let again = try connection() { try order(again, now: true) }
            guard process.waitForEnd(timeout: Self.forcedPatience) else {
                throw Failure(reason: "the server (process \(process.pid)) does not end")
            }
        }
        say("Internet services successfully stopped")
        return true
    }

    private func order(_ client: ControlClient, now: Bool) throws(Failure) {
        do throws(ControlClient.Failure) {
            if case .refused(let refusal) = try client.ask(.stop(now: now)) { throw .system(refusal.text) }
        } catch .ended {
            // It has ended already.
            return
        } catch {
            throw Failure(reason: Execution.text(error, state))
        }
    }

    // MARK: Starting

    private static var hasSystemd: Bool { Places.isFolder("/run/systemd/system") }

    private func start(like former: Former?) throws(Failure) {
        let hasUnit =
            CurrentProcess.user == 0 && state == "/var/lib/hostelry" && Self.hasSystemd
            && ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"].contains {
                FileFacts.mayRead("\($0)/\(ServiceKeeper.usualUnit)", folder: false)
            }
        let keeper =
            former?.keeper ?? ServiceKeeper(pid: nil, service: nil, isMainProcess: false, hasUnit: hasUnit)
        if case .systemd(let unit) = keeper { return try startService(unit) }
        try startInBackground(former)
    }

    private func startService(_ unit: String) throws(Failure) {
        let words = ["systemctl", "start", unit]
        do throws(SystemError) {
            var what = ProcessSpecification(executable: "/usr/bin/systemctl", arguments: words)
            what.environment = [("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")]
            what.descriptors = [(1, 1), (2, 2)]
            let child = try ChildProcess.start(what)
            guard try child.waitForExit() == .status(0) else {
                throw SystemError("systemctl", unit, code: ECANCELED)
            }
        } catch {
            throw Failure(
                reason:
                    "the server is STOPPED and was not started: \(error); type: systemctl status \(unit), and then: "
                    + "systemctl start \(unit)")
        }
    }

    private func startInBackground(_ former: Former?) throws(Failure) {
        let words =
            former?.arguments ?? ["hostelry", "run", "--config", configuration, "--state", state]
        let line = words.map(ShellWord.quoted).joined(separator: " ")
        let stopped = "the server is STOPPED and was not started"
        let child: ChildProcess
        do throws(SystemError) {
            var what = ProcessSpecification(executable: try CurrentProcess.executable(), arguments: words)
            // What the dynamic linker is told is no part of how a server is started.
            what.environment = (former?.environment ?? ObservedProcess(CurrentProcess.pid).environment ?? []).filter {
                !$0.name.hasPrefix("LD_")
            }
            what.directory = former?.folder ?? "/"
            what.hasOwnSession = true
            child = try ChildProcess.start(what)
        } catch {
            throw Failure(reason: "\(stopped): \(error); type: \(line)")
        }
        for _ in 0..<Self.startPatience {
            if (try? child.exit()) ?? nil != nil {
                throw Failure(
                    reason: "\(stopped): it ended at once. To see why, type: \(line)")
            }
            if let client = try? ControlClient(stateFolder: state, patience: 5000), client.server.pid == child.pid,
                case .done(let members)? = try? client.ask(.status), ServerStatus(members)?.state == "running"
            {
                return
            }
            usleep(100_000)
        }
        throw Failure(
            reason: "the server was started (process \(child.pid)), and is not ready; 'hostelry status' tells more")
    }
}

extension Execution {
    static func iisreset(_ invocation: Invocation) -> Int32 {
        IISResetProgram(configuration: configurationPath(invocation), state: statePath(invocation)).perform(
            invocation.operands)
    }
}
