import Platform

/// What the registry says of a role: what it is, and once it runs which process it is.
///
/// Written by the master alone. What a role says of itself is never taken for it: a worker may run anybody's code.
struct RegisteredRole: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// The master's number for it.
        case router(UInt64)
        /// - Parameters:
        ///   - pool: the pool's number in the routes.
        ///   - settings: a fingerprint of what the process was started with.
        case worker(UInt64, pool: UInt32, name: String, settings: UInt64)
    }

    /// The process, and whose it is. Only who is this process and this user is adopted.
    struct Process: Equatable, Sendable {
        let identity: RunningProcess.Identity
        let user: UInt32
    }

    let kind: Kind
    /// `RunningProcess.Identity.machineRun` of when it was written.
    let machineRun: String
    /// Nil until it has been started.
    var process: Process?

    init(_ kind: Kind, machineRun: String = RunningProcess.Identity.machineRun, process: Process? = nil) {
        self.kind = kind
        self.machineRun = machineRun
        self.process = process
    }

    /// As the file holds it. The first line has one length, whatever it says, so that it can be overwritten in place on a
    /// disk that is full.
    var text: String { "\(Self.line(process))\nrun \(machineRun)\n\(kindText)\n" }

    static func line(_ process: Process?) -> String {
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: " ", count: max(0, width - digits.count)) + digits
        }
        // As wide as the largest 32-bit and 64-bit numbers.
        return "process \(padded(process?.identity.pid ?? 0, 10)) "
            + "\(padded(process?.identity.startTime ?? 0, 20)) \(padded(process?.user ?? 0, 10))"
    }

    private var kindText: String {
        switch kind {
        case .router(let number): "router \(number)"
        // The name is last: it may hold anything.
        case .worker(let number, let pool, let name, let settings): "worker \(number) \(pool) \(settings) \(name)"
        }
    }

    /// Nil for what no master wrote.
    init?(_ text: String) {
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].hasPrefix("run "), parts[2].hasSuffix("\n"),
            let kind = Self.kind(parts[2].dropLast())
        else { return nil }
        self.kind = kind
        machineRun = String(parts[1].dropFirst(4))
        let numbers = parts[0].split(separator: " ")
        guard numbers.count == 4, numbers[0] == "process", let pid = Int32(numbers[1]), let start = UInt64(numbers[2]),
            let user = UInt32(numbers[3])
        else { return nil }
        process = pid > 0 ? Process(identity: .init(pid: pid, startTime: start), user: user) : nil
    }

    private static func kind(_ text: Substring) -> Kind? {
        let words = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("router", 2): return UInt64(words[1]).map(Kind.router)
        case ("worker", 5):
            guard let number = UInt64(words[1]), let pool = UInt32(words[2]), let settings = UInt64(words[3]) else {
                return nil
            }
            return .worker(number, pool: pool, name: String(words[4]), settings: settings)
        default: return nil
        }
    }
}

extension RegisteredRole.Kind {
    /// For events.
    var title: String {
        switch self {
        case .router: "The router"
        case .worker(let number, _, let name, _): "Worker \(number) of the pool \"\(name)\""
        }
    }
}
