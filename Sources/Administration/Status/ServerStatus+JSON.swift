extension ServerStatus {
    /// The members of the answer.
    public var members: [JSONValue.Member] {
        [
            .init(
                "server",
                .object([
                    "pid": .integer(process.pid), "version": .text(version), "state": .text(state),
                    "uptime": .optional(process.uptime), "memory": .optional(process.memory),
                    "configuration": .text(configuration), "stateFolder": .text(stateFolder),
                ])),
            .init("sharedConfiguration", sharedConfiguration?.json ?? .null),
            .init(
                "router",
                .object([
                    "pid": .optional(router.process?.pid), "state": .text(router.state),
                    "connections": .optional(router.connections), "memory": .optional(router.process?.memory),
                    "uptime": .optional(router.process?.uptime),
                ])),
            .init("sites", .array(sites.map(\.json))), .init("pools", .array(pools.map(\.json))),
        ]
    }

    public var json: JSONValue { .object(members) }

    /// Reads the answer; nil for what is none.
    public init?(_ members: [JSONValue.Member]) {
        let value = JSONValue.object(members)
        guard let server = value["server"], let pid = server.pid, let version = server["version"]?.string,
            let state = server["state"]?.string, let configuration = server["configuration"]?.string,
            let stateFolder = server["stateFolder"]?.string, let router = value["router"],
            let routerState = router["state"]?.string,
            let sites = value["sites"]?.elements?.map(Site.init), let pools = value["pools"]?.elements?.map(Pool.init)
        else { return nil }
        self.init(
            process: Process(pid: pid, memory: server.count("memory"), uptime: server.count("uptime")),
            version: version, state: state, configuration: configuration, stateFolder: stateFolder,
            sharedConfiguration: value["sharedConfiguration"].flatMap(SharedConfiguration.init),
            router: Router(process: Process(router), state: routerState, connections: router.count("connections")),
            sites: sites.compactMap { $0 }, pools: pools.compactMap { $0 })
    }
}

extension JSONValue {
    fileprivate var pid: Int32? { self["pid"]?.number.flatMap { Int32(exactly: $0) } }

    fileprivate func count(_ name: String) -> UInt64? { self[name]?.number.flatMap { UInt64(exactly: $0) } }

    fileprivate func texts(_ name: String) -> [String] { self[name]?.elements?.compactMap(\.string) ?? [] }
}

extension ServerStatus.Process {
    fileprivate init?(_ value: JSONValue) {
        guard let pid = value.pid else { return nil }
        self.init(pid: pid, memory: value.count("memory"), uptime: value.count("uptime"))
    }
}

extension ServerStatus.SharedConfiguration {
    public var json: JSONValue {
        .object([
            "folder": .text(folder), "state": .text(state), "reason": .optional(reason), "since": .optional(since),
            "copied": .optional(copied),
        ])
    }

    fileprivate init?(_ value: JSONValue) {
        guard let folder = value["folder"]?.string, let state = value["state"]?.string else { return nil }
        self.init(
            folder: folder, state: state, reason: value["reason"]?.string, since: value.count("since"),
            copied: value.count("copied"))
    }
}

extension ServerStatus.Site {
    fileprivate var json: JSONValue {
        .object([
            "id": .integer(id), "name": .text(name), "state": .text(state),
            "reasons": .array(reasons.map { .text($0) }),
            "bindings": .array(
                bindings.map { binding in
                    .object([
                        "protocol": .text(binding.protocol), "information": .text(binding.information),
                        "endpoint": .optional(binding.endpoint), "failure": .optional(binding.failure),
                    ])
                }),
        ])
    }

    fileprivate init?(_ value: JSONValue) {
        guard let id = value["id"]?.number.flatMap({ UInt32(exactly: $0) }), let name = value["name"]?.string,
            let state = value["state"]?.string
        else { return nil }
        self.init(
            id: id, name: name, state: state, reasons: value.texts("reasons"),
            bindings: (value["bindings"]?.elements ?? []).compactMap { binding in
                guard let name = binding["protocol"]?.string, let information = binding["information"]?.string else {
                    return nil
                }
                return ServerStatus.Binding(
                    protocol: name, information: information, endpoint: binding["endpoint"]?.string,
                    failure: binding["failure"]?.string)
            })
    }
}

extension ServerStatus.Pool {
    fileprivate var json: JSONValue {
        .object([
            "name": .text(name), "state": .text(state), "identity": .text(identity),
            "queued": .optional(queued), "reasons": .array(reasons.map { .text($0) }),
            "workers": .array(
                workers.map { worker in
                    .object([
                        "id": .integer(worker.id), "pid": .optional(worker.process?.pid), "state": .text(worker.state),
                        "requests": .optional(worker.requests), "inWork": .optional(worker.inWork),
                        "memory": .optional(worker.process?.memory), "uptime": .optional(worker.process?.uptime),
                    ])
                }),
        ])
    }

    fileprivate init?(_ value: JSONValue) {
        guard let name = value["name"]?.string, let state = value["state"]?.string,
            let identity = value["identity"]?.string
        else { return nil }
        self.init(
            name: name, state: state, identity: identity, queued: value.count("queued"),
            reasons: value.texts("reasons"),
            workers: (value["workers"]?.elements ?? []).compactMap { worker in
                guard let id = worker.count("id"), let state = worker["state"]?.string else { return nil }
                return ServerStatus.Worker(
                    id: id, process: ServerStatus.Process(worker), state: state, requests: worker.count("requests"),
                    inWork: worker.count("inWork"))
            })
    }
}
