import Administration
import AppCmd
import Configuration
import ConfigurationStore
import Glibc
import Platform

/// The instance on this machine that appcmd works on: its files, and its server where one runs.
struct LocalInstance: Instance {
    let configuration: String
    let state: String

    /// What another program prints is no longer. Unit: bytes.
    private static let inputLimit = 64 << 20
    /// A server that does not answer at once hangs. Unit: milliseconds.
    private static let patience: Int32 = 1000

    // MARK: Files

    func server() throws(ConfigurationError) -> ServerConfiguration {
        try FileInForce.of(configuration).read(variables: ["HOSTELRY_STATE": state])
    }

    func bytes(of path: String) throws(ConfigurationError) -> [UInt8]? {
        try ServerConfiguration.bytesIfThere(ofFile: path)
    }

    func isFolder(_ path: String) -> Bool { Places.isFolder(path) }

    func input() throws(InstanceFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try StandardInput.read(limit: Self.inputLimit)
        } catch {
            throw InstanceFailure(.invalid, "Standard input cannot be read: \(error)")
        }
        guard let bytes else {
            throw InstanceFailure(.invalid, "Standard input is longer than \(Self.inputLimit) bytes.")
        }
        return bytes
    }

    func submit(_ files: [ChangedFile], comment: String) throws(InstanceFailure) {
        try checkServer()
        let change = ConfigurationChange(
            files: files.map { file in
                FileChange(
                    file.path, expected: .init(file.old), content: file.new, isServerFile: file.isServerFile)
            }, author: .current, tool: AppCmd.name, comment: comment)
        try submit(change)
    }

    private func submit(_ change: ConfigurationChange) throws(InstanceFailure) {
        do throws(ChangeSubmission.Failure) {
            _ = try ChangeSubmission.make(change, state: state)
        } catch {
            throw InstanceFailure(error)
        }
    }

    /// A server that hangs is told from one that takes its time with a change.
    func checkServer() throws(InstanceFailure) {
        guard let client = try client() else { return }
        _ = try ask(client, .events(since: UInt64(Int64.max), follows: false))
    }

    func seal(_ text: String) throws(InstanceFailure) -> String {
        do {
            if let folder = try SecretRewriting.sharedFolder(beside: configuration) {
                throw InstanceFailure(
                    .refused,
                    "The configuration in \(folder) is shared with servers that have other keys: this value cannot be "
                        + "kept there.")
            }
            return HostelryAesProvider.seal(text, with: try KeyFile(state: state).readOrMake())
        } catch let failure as InstanceFailure {
            throw failure
        } catch {
            throw InstanceFailure((error as? KeyFileError)?.isDenied == true ? .denied : .failed, "\(error)")
        }
    }

    // MARK: The server

    /// Nil where none runs.
    private func client(patience: Int32 = Self.patience) throws(InstanceFailure) -> ControlClient? {
        do throws(ControlClient.Failure) {
            return try ControlClient(stateFolder: state, patience: patience)
        } catch .notRunning {
            return nil
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: ControlClient.Failure) -> InstanceFailure {
        let kind: InstanceFailure.Kind =
            switch error {
            case .notRunning: .notRunning
            case .denied: .denied
            case .ended, .system: .failed
            }
        return InstanceFailure(kind, Execution.text(error, state))
    }

    private func ask(
        _ client: ControlClient, _ operation: ControlRequest.Operation
    ) throws(InstanceFailure) -> [JSONValue.Member] {
        let answer: ControlAnswer
        do throws(ControlClient.Failure) {
            answer = try client.ask(operation)
        } catch {
            throw failure(error)
        }
        switch answer {
        case .done(let members): return members
        case .refused(let refusal): throw InstanceFailure(.refused, refusal.text)
        }
    }

    private func states() throws(InstanceFailure) -> ServerStates? {
        guard let client = try client() else { return nil }
        guard let states = ServerStates(try ask(client, .states)) else {
            throw InstanceFailure(.failed, "The server's answer is not understood.")
        }
        return states
    }

    func live() throws(InstanceFailure) -> LiveState? {
        guard let answer = try self.states() else { return nil }
        func states(_ names: [String: [String]]) -> [String: String] {
            var all: [String: String] = [:]
            for (state, names) in names {
                for name in names { all[name.lowercased()] = Self.stateName(state) }
            }
            return all
        }
        return LiveState(
            sites: states(answer.sites), pools: states(answer.pools),
            workers: answer.workers.map { .init(pid: $0.pid, pool: $0.pool) })
    }

    /// In IIS's words. What is quarantined, or off line after crashes, is stopped there.
    private static func stateName(_ state: String) -> String {
        switch state {
        case "starting": "Starting"
        case "started": "Started"
        case "stopping": "Stopping"
        default: "Stopped"
        }
    }

    func requests() throws(InstanceFailure) -> [LiveRequest]? {
        guard let client = try client() else { return nil }
        let answer = JSONValue.object(try ask(client, .requests))
        return (answer["requests"]?.elements ?? []).map { request in
            func text(_ name: String) -> String { request[name]?.string ?? "" }
            let worker = request["worker"]?.number.flatMap { UInt64(exactly: $0) }
            return LiveRequest(
                name: requestName(worker, request), site: text("site"), pool: text("pool"),
                pid: request["pid"]?.number.flatMap { Int32(exactly: $0) },
                verb: text("verb"), url: text("url"), client: text("client"), stage: text("stage"),
                module: text("module"), milliseconds: UInt64(clamping: request["milliseconds"]?.number ?? 0))
        }
    }

    /// The worker, and what of its requests this one is: the same as long as it is in work.
    private func requestName(_ worker: UInt64?, _ request: JSONValue) -> String {
        let words = [
            request["client"]?.string, request["port"]?.number.map { "\($0)" }, request["verb"]?.string,
            request["url"]?.string,
        ]
        // FNV-1a.
        let hash = words.compactMap(\.self).joined(separator: " ").utf8.reduce(0x811C_9DC5 as UInt32) {
            ($0 ^ UInt32($1)) &* 0x0100_0193
        }
        func digits(_ number: UInt32) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }
        return digits(UInt32(truncatingIfNeeded: worker ?? 0)) + digits(hash)
    }

    func order(_ order: LiveOrder, timeout: UInt32?) throws(InstanceFailure) {
        guard let client = try client(patience: 60_000) else {
            throw InstanceFailure(.notRunning, Execution.text(.notRunning, state))
        }
        let operation: ControlRequest.Operation =
            switch order {
            case .startSite(let name): .startSite(name)
            case .stopSite(let name): .stopSite(name)
            case .startPool(let name): .startPool(name)
            case .stopPool(let name): .stopPool(name)
            case .recycle(let pool): .recycle(pool: pool)
            }
        _ = try ask(client, operation)
        if let timeout { try wait(order, milliseconds: UInt64(timeout)) }
    }

    private func wait(_ order: LiveOrder, milliseconds: UInt64) throws(InstanceFailure) {
        let end = MonotonicClock.nanoseconds() + milliseconds * 1_000_000
        while try !isDone(order) {
            guard MonotonicClock.nanoseconds() < end else {
                throw InstanceFailure(.failed, "The operation is not completed within \(milliseconds) ms.")
            }
            // The server tells of no end.
            usleep(50_000)
        }
    }

    private func isDone(_ order: LiveOrder) throws(InstanceFailure) -> Bool {
        let live = try live()
        switch order {
        case .startSite(let name): return live?.sites[name.lowercased()] == "Started"
        case .stopSite(let name): return live?.sites[name.lowercased()] == "Stopped"
        case .startPool(let name): return live?.pools[name.lowercased()] == "Started"
        case .stopPool(let name): return live?.pools[name.lowercased()] == "Stopped"
        case .recycle: return true
        }
    }

    // MARK: Backups

    private var store: ConfigurationBackups {
        ConfigurationBackups(configuration: configuration, state: state, server: try? server())
    }

    func backups() -> [String] { store.names() }

    func addBackup(_ name: String?) throws(InstanceFailure) -> String {
        let name = name ?? Execution.timeName()
        try keeping { () throws(ConfigurationBackups.Failure) in try store.add(name) }
        return name
    }

    func deleteBackup(_ name: String) throws(InstanceFailure) {
        try keeping { () throws(ConfigurationBackups.Failure) in try store.delete(name) }
    }

    func restoreBackup(_ name: String) throws(InstanceFailure) {
        let shared: String?
        do {
            shared = try SecretRewriting.sharedFolder(beside: configuration)
        } catch {
            throw InstanceFailure(.failed, "\(error)")
        }
        if let shared {
            throw InstanceFailure(.refused, "The configuration in force is the shared one in \(shared).")
        }
        try checkServer()
        try submit(
            try keeping { () throws(ConfigurationBackups.Failure) in
                try store.restoring(name, author: .current, tool: AppCmd.name)
            })
    }

    private func keeping<Outcome>(
        _ body: () throws(ConfigurationBackups.Failure) -> Outcome
    ) throws(InstanceFailure) -> Outcome {
        do throws(ConfigurationBackups.Failure) {
            return try body()
        } catch {
            let kind: InstanceFailure.Kind =
                switch error {
                case .badName: .invalid
                case .exists: .exists
                case .missing: .missing
                case .incomplete, .failed: .failed
                }
            throw InstanceFailure(kind, error.description)
        }
    }
}

extension InstanceFailure {
    init(_ failure: ChangeSubmission.Failure) {
        let kind: Kind =
            switch failure.kind {
            case .conflict: .conflict
            case .denied: .denied
            case .uncertain: .uncertain
            case .written: .written
            case .failed: .failed
            }
        self.init(kind, failure.description)
    }
}
