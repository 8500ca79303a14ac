public import Platform

/// How an application's code runs, as far as its configuration and its files tell.
public struct HostedApplication: Hashable, Sendable {
    public enum Hosting: String, Hashable, Sendable {
        /// No application of ASP.NET Core: files and modules, or another program (`httpPlatform`). The rules are not about it.
        case none
        /// Loaded into the worker process.
        case inProcess = "in-process"
        /// Behind the worker process.
        case outOfProcess = "out-of-process"
    }

    /// For example `Default Web Site/shop`.
    public let name: String
    public let hosting: Hosting
    /// Of its program or library; `unknown` and `any` fit every pool.
    public let architecture: ExecutableImage.Architecture
    /// The .NET that it runs on; nil where it brings its own, and where nobody has looked.
    public let runtime: Runtime?

    /// A .NET of the machine's.
    public struct Runtime: Hashable, Sendable {
        /// Its `dotnet`.
        public let program: String
        public let architecture: ExecutableImage.Architecture

        public init(program: String, architecture: ExecutableImage.Architecture) {
            self.program = program
            self.architecture = architecture
        }
    }

    public init(
        name: String, hosting: Hosting, architecture: ExecutableImage.Architecture, runtime: Runtime? = nil
    ) {
        self.name = name
        self.hosting = hosting
        self.architecture = architecture
        self.runtime = runtime
    }
}

/// Rules on which applications of ASP.NET Core may run together in one pool. The first one owns the pool; a rule answers for
/// a later one. `check` tells them beforehand, a worker applies them when an application starts.
public enum HostingRules {
    /// Why an application may not start.
    public enum Refusal: Hashable, Sendable {
        /// 500.34: the owner runs in another way.
        case mixedHostingModels(owner: HostedApplication)
        /// 500.35: an in-process application shares its pool with no other of ASP.NET Core.
        case sharedPool(with: HostedApplication)
        /// 500.32: built for another architecture than the pool's.
        case wrongArchitecture(ExecutableImage.Architecture)
        /// 500.32: the .NET that is there is of another architecture than the application or the pool.
        case wrongRuntime(HostedApplication.Runtime, application: ExecutableImage.Architecture, enable32Bit: Bool)

        public var subStatus: Int {
            switch self {
            case .wrongArchitecture, .wrongRuntime: 32
            case .mixedHostingModels: 34
            case .sharedPool: 35
            }
        }

        /// What is wrong, and what would be right.
        public var text: String {
            switch self {
            case .mixedHostingModels(let owner):
                "ASP.NET Core does not support mixing hosting models in one application pool: \(owner.name) runs "
                    + "\(owner.hosting.rawValue); give one of them a pool of its own (500.34)"
            case .sharedPool(let other):
                "An in-process application shares its pool with no other of ASP.NET Core, and \(other.name) is in the same "
                    + "pool; give one of them a pool of its own (500.35)"
            case .wrongArchitecture(let architecture):
                "The application is built for \(architecture) and its pool runs "
                    + (architecture == .x86
                        ? "64-bit workers; publish it for any processor, or for this one (500.32)"
                        : "32-bit workers; set enable32BitAppOnWin64=\"false\" (500.32)")
            case .wrongRuntime(let runtime, let architecture, let enable32Bit):
                "The application is built for \(architecture), its pool runs \(enable32Bit ? 32 : 64)-bit workers, and "
                    + "\(runtime.program) is built for \(runtime.architecture); "
                    + Self.advice(runtime.architecture, application: architecture, enable32Bit) + " (500.32)"
            }
        }

        /// There is no .NET of 32 bits for Linux: such an application is published anew.
        private static func advice(
            _ runtime: ExecutableImage.Architecture, application: ExecutableImage.Architecture, _ enable32Bit: Bool
        ) -> String {
            let pool = "set enable32BitAppOnWin64=\"false\""
            let isOther = application != runtime && application != .any && application != .unknown
            guard enable32Bit else { return "publish it for \(runtime)" }
            return isOther ? "there is no .NET for x86 on Linux: publish it for \(runtime), and \(pool)" : pool
        }
    }

    /// Whether `application` may start in a pool where `running` came before it.
    public static func refusal(
        of application: HostedApplication, after running: [HostedApplication], enable32Bit: Bool
    ) -> Refusal? {
        guard application.hosting != .none else { return nil }
        if let owner = running.first(where: { $0.hosting != .none }) {
            guard owner.hosting == application.hosting else { return .mixedHostingModels(owner: owner) }
            guard application.hosting == .outOfProcess else { return .sharedPool(with: owner) }
        }
        // A process of its own may well be a 64-bit one behind a 32-bit worker.
        let is32Bit = enable32Bit && (application.hosting == .inProcess || application.architecture == .x86)
        guard fits(application.architecture, enable32Bit: is32Bit) else {
            return .wrongArchitecture(application.architecture)
        }
        return application.runtime.flatMap { runtime in
            suits(runtime, application, enable32Bit: enable32Bit)
                ? nil : .wrongRuntime(runtime, application: application.architecture, enable32Bit: enable32Bit)
        }
    }

    /// What is loaded into the worker is loaded with its .NET; what runs behind it needs one of its own architecture.
    private static func suits(
        _ runtime: HostedApplication.Runtime, _ application: HostedApplication, enable32Bit: Bool
    ) -> Bool {
        if application.hosting == .inProcess, !fits(runtime.architecture, enable32Bit: enable32Bit) { return false }
        let both = [application.architecture, runtime.architecture]
        return both[0] == both[1] || both.contains { $0 == .any || $0 == .unknown }
    }

    private static func fits(_ architecture: ExecutableImage.Architecture, enable32Bit: Bool) -> Bool {
        switch architecture {
        case .any, .unknown: true
        case .x86: enable32Bit
        case .x64, .arm64: !enable32Bit
        }
    }
}
