import Administration
import Wire

extension RunningRequest {
    func json(site: String, worker: UInt64, pid: Int32, pool: String) -> JSONValue {
        .object([
            "site": .text(site), "pool": .text(pool), "worker": .integer(worker), "pid": .integer(pid),
            "verb": .text(method),
            "url": .text(target), "client": .text(client.text), "port": .integer(client.port), "stage": .text(stage),
            "module": .text(module),
            "milliseconds": .integer(milliseconds),
        ])
    }
}
