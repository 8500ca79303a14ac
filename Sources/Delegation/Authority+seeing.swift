public import Administration
internal import Configuration
internal import Events
public import HostModel

/// What of an answer is somebody's to see.
extension Authority {
    /// A status with the sites that are theirs, and the pools that those run in. Of a pool that runs others' applications
    /// too, and of the router, nothing is told but the state.
    public func seen(_ status: ServerStatus, in model: HostModel) -> ServerStatus {
        guard self != .everything else { return status }
        var seen = status
        seen.process.memory = nil
        seen.router.process = nil
        seen.router.connections = nil
        seen.sharedConfiguration = nil
        seen.sites = status.sites.filter { manages(site: $0.name) }
        seen.pools = status.pools.compactMap { pool in
            if manages(pool: pool.name, in: model) { return pool }
            guard uses(pool: pool.name, in: model) else { return nil }
            return ServerStatus.Pool(
                name: pool.name, state: pool.state, identity: pool.identity, reasons: [], workers: [])
        }
        return seen
    }

    /// What an answer to the operation tells them.
    public func seen(
        _ answer: ControlAnswer, to operation: ControlRequest.Operation, in model: HostModel
    ) -> ControlAnswer {
        guard self != .everything, case .done(let members) = answer else { return answer }
        switch operation {
        case .status:
            guard let status = ServerStatus(members) else { return .done([]) }
            return .done(seen(status, in: model).members)
        case .requests:
            return .done(
                members.map { member in
                    guard member.name == "requests", let rows = member.value.elements else { return member }
                    return .init(member.name, .array(rows.filter { isTheirs($0) }))
                })
        default: return answer
        }
    }

    /// Whether a request in work is of a site of theirs. A site that is not there any more is nobody's, whatever bears its
    /// number as a name.
    private func isTheirs(_ request: JSONValue) -> Bool {
        guard request["removed"] == nil, let site = request["site"]?.string else { return false }
        return manages(site: site)
    }

    /// Which events are theirs, by their objects: those of their sites, and of pools that run nobody else's.
    public func seesEvents(in model: HostModel) -> @Sendable (_ line: [UInt8]) -> Bool {
        guard case .scopes = self else { return { [self] _ in self == .everything } }
        let sites = model.sites.map(\.name).filter { manages(site: $0) }.map { EventObject.site($0) }
        let pools = model.pools.map(\.name).filter { manages(pool: $0, in: model) }.map { EventObject.pool($0) }
        let own = Set(sites + pools)
        return { line in EventRecord(line: line).map { own.contains($0.event.object) } ?? false }
    }

    /// As an answer tells it.
    public func members(user: UInt32, name: String) -> [JSONValue.Member] {
        let scopes: [ConfigurationPath] = if case .scopes(let scopes) = self { scopes } else { [] }
        return [
            .init("user", .integer(user)), .init("name", .text(name)),
            .init("authority", .text(self == .everything ? "everything" : scopes.isEmpty ? "nothing" : "scopes")),
            .init(
                "scopes",
                .array(scopes.map { .text(([$0.site].compactMap(\.self) + $0.segments).joined(separator: "/")) })),
        ]
    }
}
