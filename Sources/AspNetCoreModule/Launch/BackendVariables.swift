import Configuration

/// The environment of an application's processes: the worker's own, what the module says, what the section says.
struct BackendVariables: Sendable {
    private let settings: BackendSettings
    private let place: ApplicationPlace
    /// The worker's variables with those that the module gives every application.
    private let base: [EnvironmentVariable]
    private let names: VariableNames
    /// What `%NAME%` stands for.
    let expansion: EnvironmentVariables

    init(_ settings: BackendSettings, _ place: ApplicationPlace, worker: [(name: String, value: String)]) {
        self.settings = settings
        self.place = place
        let names = VariableNames(settings.dialect)
        var identity = VariableTable()
        for (name, value) in Self.identity(of: place) where !value.isEmpty { identity.set(names.prefix + name, value) }
        base = identity.applied(to: worker.map { EnvironmentVariable(name: $0.name, value: $0.value) })
        expansion = EnvironmentVariables(Self.byName(base))
        self.names = names
    }

    /// Of several spellings of a name the first, as programs find it.
    private static func byName(_ variables: [EnvironmentVariable]) -> [String: String] {
        Dictionary(variables.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
    }

    /// What IIS tells applications of where they run.
    private static func identity(of place: ApplicationPlace) -> [(name: String, value: String)] {
        [
            ("IIS_VERSION", "10.0"), ("IIS_APP_POOL_ID", place.pool),
            ("IIS_APP_POOL_CONFIG_FILE", place.poolConfigurationFile), ("IIS_SITE_NAME", place.siteName),
            ("IIS_SITE_ID", String(place.siteID)), ("IIS_APP_CONFIG_PATH", place.configurationPath),
            ("IIS_APPLICATION_ID", place.applicationID), ("IIS_APPLICATION_VIRTUAL_PATH", place.path),
        ]
    }

    /// A variable of the worker's, of those by which an administrator overrides what sections say; nil for an empty one.
    func override(_ name: String) -> String? { expansion[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// What the section and the module say, before a process has a port and a token. What the application names itself is kept
    /// but for what it cannot know better than the server.
    ///
    /// - Parameter own: what stands for `%NAME%` beside the worker's variables.
    func table(_ own: [String: String] = [:]) -> VariableTable {
        let expansion = self.expansion(with: own)
        let prefersWorker = ["1", "true"].contains(override("ANCM_PREFER_ENVIRONMENT_VARIABLES")?.lowercased())
        var table = VariableTable()
        for variable in settings.environmentVariables { table.set(variable.name, variable.value) }
        table.set(names.prefix + "IIS_PHYSICAL_PATH", place.folder == "/" ? "/" : place.folder + "/")
        if let name = names.securePort, table[name] == nil, let port = SecurePort.of(place.bindings) {
            table.set(name, port)
        }
        table.set(names.prefix + "IIS_HTTPAUTH", authentication)
        if let startup = names.startupAssemblies, table[startup.variable] == nil {
            table.set(startup.variable, (self.expansion[startup.variable] ?? "") + ";" + startup.assembly)
        }
        for variable in table.variables {
            let preferred = prefersWorker ? override(variable.name) : nil
            table.set(variable.name, preferred ?? expansion.expand(variable.value))
        }
        return table
    }

    /// `windows;basic;anonymous;` or what of it is enabled.
    private var authentication: String {
        let enabled = ["windows", "basic", "anonymous"].filter { place.authentication.contains($0) }
        return enabled.isEmpty ? "none" : enabled.map { "\($0);" }.joined()
    }

    func expansion(with own: [String: String]) -> EnvironmentVariables {
        guard !own.isEmpty else { return expansion }
        let lowered = Dictionary(own.map { ($0.lowercased(), $1) }) { first, _ in first }
        return EnvironmentVariables(expansion.values.merging(lowered) { _, own in own })
    }

    /// What stands for `%NAME%` in the arguments and variables of one process.
    func own(port: UInt16, socketPath: String?) -> [String: String] {
        var own = [names.port: String(port)]
        if let socketPath, let name = names.socket { own[name] = socketPath }
        return own
    }

    /// All of a process's variables.
    func environment(port: UInt16, socketPath: String?, token: String) -> [EnvironmentVariable] {
        let own = own(port: port, socketPath: socketPath)
        var table = table(own)
        for (name, value) in own where !table.has(name) { table.set(name, value) }
        table.set(names.prefix + "IIS_WEBSOCKETS_SUPPORTED", place.hasWebSockets ? "true" : "false")
        table.set(names.prefix + "APPL_PATH", place.path)
        table.set(names.token, token)
        return table.applied(to: base)
    }

    /// The port that the section names; 0 where it is no number of a port. Whether it may be used, who starts decides.
    var fixedPort: UInt16? {
        // What names itself (`HTTP_PLATFORM_PORT="%HTTP_PLATFORM_PORT%"`) asks for the port that is chosen.
        guard let text = table()[names.port], !text.isEmpty, text.lowercased() != "%\(names.port.lowercased())%" else {
            return nil
        }
        return UInt16(text) ?? 0
    }

    /// The token that the section names.
    var fixedToken: String? { table()[names.token].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether the section speaks of a Unix socket.
    var wantsSocket: Bool {
        guard let name = names.socket?.lowercased() else { return false }
        let texts = [settings.arguments] + settings.environmentVariables.map(\.value)
        return texts.contains { $0.lowercased().contains("%\(name)%") }
    }
}

/// What the two modules call the same things.
private struct VariableNames: Sendable {
    let prefix: String
    let port: String
    let token: String
    let securePort: String?
    /// Ours: the path of a Unix socket.
    let socket: String?
    let startupAssemblies: (variable: String, assembly: String)?

    init(_ dialect: BackendSettings.Dialect) {
        switch dialect {
        case .aspNetCore:
            prefix = "ASPNETCORE_"
            securePort = "ASPNETCORE_ANCM_HTTPS_PORT"
            socket = nil
            startupAssemblies = (
                "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Microsoft.AspNetCore.Server.IISIntegration"
            )
        case .httpPlatform:
            prefix = "HTTP_PLATFORM_"
            securePort = nil
            socket = "HTTP_PLATFORM_SOCKET"
            startupAssemblies = nil
        }
        port = prefix + "PORT"
        token = prefix + "TOKEN"
    }
}
