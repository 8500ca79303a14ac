internal import Configuration
internal import Operations

/// One command at work: what it has read, and what it says.
final class Session {
    let line: ArgumentLine
    let kind: ObjectKind
    let verb: VerbName
    let instance: any Instance
    var lines: [String] = []
    /// A Win32 error, or 0.
    var code: UInt32 = 0
    /// The files that the command changes.
    var pending: [PendingFile] = []
    private var knownServer: ServerConfiguration?
    private var knownObjects: HostedObjects?
    private var knownSystem: ConfigurationSystem?
    /// Read once; the inner nil: no server runs.
    private var knownLive: LiveState??

    let input: InputText

    init(
        _ line: ArgumentLine, _ kind: ObjectKind, _ verb: VerbName, _ instance: any Instance, _ input: InputText
    ) {
        self.input = input
        self.line = line
        self.kind = kind
        self.verb = verb
        self.instance = instance
    }

    func objects() throws(Failure) -> HostedObjects {
        if let knownObjects { return knownObjects }
        let objects = HostedObjects(try server())
        knownObjects = objects
        return objects
    }

    func server() throws(Failure) -> ServerConfiguration {
        if let knownServer { return knownServer }
        do throws(ConfigurationError) {
            let server = try instance.server()
            knownServer = server
            return server
        } catch {
            throw .configuration(error)
        }
    }

    /// Refuses to go on from a file whose structure is broken.
    func soundServer() throws(Failure) -> ServerConfiguration {
        let server = try server()
        if let problem = server.file.problems.first { throw .configuration(problem) }
        return server
    }

    func system() throws(Failure) -> ConfigurationSystem {
        if let knownSystem { return knownSystem }
        let objects = try objects()
        let system = ConfigurationSystem(server: objects.server, layout: objects.layouts())
        knownSystem = system
        return system
    }

    /// Nil where no server runs, or where it cannot be asked: a list says Unknown then.
    func live() -> LiveState? {
        if let knownLive { return knownLive }
        let state = try? instance.live()
        knownLive = .some(state)
        return state
    }

    /// What the running server says; there has to be one.
    func running() throws(Failure) -> LiveState {
        if let known = knownLive ?? nil { return known }
        guard let state = try ask({ () throws(InstanceFailure) in try instance.live() }) else { throw .noServer }
        knownLive = .some(state)
        return state
    }

    func ask<Outcome>(_ body: () throws(InstanceFailure) -> Outcome) throws(Failure) -> Outcome {
        do throws(InstanceFailure) {
            return try body()
        } catch {
            throw .instance(error)
        }
    }

    func perform<Outcome>(_ body: () throws(OperationError) -> Outcome) throws(Failure) -> Outcome {
        do throws(OperationError) {
            return try body()
        } catch {
            throw Failure(error, object: kind.name)
        }
    }

    func seal(_ text: String) throws(OperationError) -> String {
        do throws(InstanceFailure) {
            return try instance.seal(text)
        } catch {
            throw .configuration(ConfigurationError(file: "", line: 0, error.text, code: .accessDenied))
        }
    }

    // MARK: What the line says

    /// The object that is meant: the identifier, or the parameter `/KIND.NAME:`; nil where neither is given.
    func identifier() throws(Failure) -> String? {
        try (line.identifier ?? line[kind.nameAttribute]).map { text throws(Failure) in
            URLIdentifier.isURL(text) ? try resolved(text) : text
        }
    }

    func requiredIdentifier() throws(Failure) -> String {
        guard let identifier = try identifier(), !identifier.isEmpty else { throw .noIdentifier(kind.name) }
        return identifier
    }

    /// What a URL means: a site, or the application or virtual directory that it lies in.
    private func resolved(_ url: String) throws(Failure) -> String {
        guard let place = URLIdentifier.place(of: url, in: try objects()) else { throw .notFound(url, kind.name) }
        switch kind {
        case .site: return place.site.name
        case .app, .vdir:
            let names =
                place.site.applications.map { kind == .app ? [$0.name] : $0.directories.map(\.name) }.flatMap(\.self)
            let whole = (place.site.name + place.path).lowercased()
            let found = names.filter { name in
                let prefix = name.lowercased()
                return whole == prefix || whole.hasPrefix(prefix.hasSuffix("/") ? prefix : prefix + "/")
                    || whole + "/" == prefix
            }.max { $0.count < $1.count }
            guard let found else { throw .notFound(url, kind.name) }
            return found
        default: return place.site.name + place.path
        }
    }
}
