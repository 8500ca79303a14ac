extension RouteTable {
    func append(to output: inout [UInt8]) {
        output.append(array: pools) { output, pool in
            output.append(littleEndian: pool.id)
            output.append(counted: pool.name)
            output.append(littleEndian: pool.queueLength)
            output.append(pool.state.rawValue)
            output.append(pool.closesConnections ? 1 : 0)
        }
        output.append(array: logs) { $1.append(to: &$0) }
        output.append(array: sites) { output, site in
            output.append(littleEndian: site.id)
            output.append(counted: site.name)
            output.append(site.state.rawValue)
            site.limits.append(to: &output)
            output.append(array: site.bindings) { $1.append(to: &$0) }
            output.append(array: site.applications) { output, application in
                output.append(counted: application.path)
                output.append(littleEndian: application.pool)
            }
            output.append(littleEndian: site.log ?? .max)
        }
        limits.append(to: &output)
    }

    /// `isWhole`: the sites use no other pools than the table's.
    init(_ reader: inout ByteReader, isWhole: Bool = true) throws(WireError) {
        pools = try reader.array { (reader) throws(WireError) in try Pool(&reader) }
        logs = try reader.array { (reader) throws(WireError) in try LogSettings(&reader) }
        sites = try reader.array { (reader) throws(WireError) in try Site(&reader) }
        limits = try ServerLimits(&reader)
        let known = Set(pools.map(\.id))
        guard known.count == pools.count else { throw WireError(.invalid, "route table: pool ids") }
        for site in sites where site.log.map({ $0 >= logs.count }) ?? false {
            throw WireError(.invalid, "route table: log of \(site.name)")
        }
        guard isWhole else { return }
        for application in sites.lazy.flatMap(\.applications) where !known.contains(application.pool) {
            throw WireError(.invalid, "route table: pool of \(application.path)")
        }
    }
}

extension RouteTable.Pool {
    fileprivate init(_ reader: inout ByteReader) throws(WireError) {
        id = try reader.integer()
        name = try reader.string()
        queueLength = try reader.integer()
        guard let state = RouteTable.PoolState(rawValue: try reader.integer()) else {
            throw WireError(.invalid, reader.subject)
        }
        self.state = state
        closesConnections = try reader.boolean()
    }
}

extension RouteTable.Site {
    fileprivate init(_ reader: inout ByteReader) throws(WireError) {
        let id: UInt32 = try reader.integer()
        let name = try reader.string()
        guard let state = RouteTable.SiteState(rawValue: try reader.integer()) else {
            throw WireError(.invalid, reader.subject)
        }
        let limits = try RouteTable.SiteLimits(&reader)
        let bindings = try reader.array { (reader) throws(WireError) in try RouteTable.Binding(&reader) }
        let applications = try reader.array { (reader) throws(WireError) in
            let path = try reader.string()
            guard path.utf8.first == UInt8(ascii: "/") else { throw WireError(.invalid, reader.subject) }
            return RouteTable.Application(path: path, pool: try reader.integer())
        }
        let log: UInt32 = try reader.integer()
        self.init(
            id: id, name: name, state: state, limits: limits, bindings: bindings, applications: applications,
            log: log == .max ? nil : log)
    }
}

extension RouteTable.Binding {
    fileprivate func append(to output: inout [UInt8]) {
        Endpoint(address: address, port: port).append(to: &output)
        switch host {
        case .any: output.append(0)
        case .exact(let name):
            output.append(1)
            output.append(counted: name)
        case .suffix(let name):
            output.append(2)
            output.append(counted: name)
        }
    }

    fileprivate init(_ reader: inout ByteReader) throws(WireError) {
        let endpoint = try Endpoint(&reader)
        address = endpoint.address
        port = endpoint.port
        switch try reader.integer(UInt8.self) {
        case 0: host = .any
        case 1: host = .exact(try reader.string())
        case 2: host = .suffix(try reader.string())
        default: throw WireError(.invalid, reader.subject)
        }
    }
}
