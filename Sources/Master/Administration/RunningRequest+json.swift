import Administration
import Wire

extension RunningRequest {
    /// - Parameter site: its name; nil where the configuration has it no more. Its number then stands for it, which may be
    ///   another site's name, and the row says so.
    func json(site: String?, worker: UInt64, pid: Int32, pool: String) -> JSONValue {
        let row = JSONValue.object([
            "site": .text(site ?? "\(siteID)"), "pool": .text(pool), "worker": .integer(worker), "pid": .integer(pid),
            "verb": .text(method),
            "url": .text(target), "client": .text(client.text), "port": .integer(client.port), "stage": .text(stage),
            "module": .text(module),
            "milliseconds": .integer(milliseconds),
        ])
        guard site == nil, let members = row.members else { return row }
        return .object(members + [.init("removed", .boolean(true))])
    }
}
