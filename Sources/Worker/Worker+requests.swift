import Pipeline
import Wire

extension RunningRequest {
    /// - Parameter now: by the pipeline's clock, in milliseconds.
    init(_ request: RequestContext, now: UInt64) {
        let head = request.head
        self.init(
            siteID: head.siteID, method: String(decoding: [UInt8](copying: head.method), as: UTF8.self),
            target: String(decoding: [UInt8](copying: head.target), as: UTF8.self), client: head.remote,
            stage: request.stage.name, module: request.module, milliseconds: now - request.startedAt)
    }

    /// What is in work on these links, the longest first; requests that are answered within a turn of the loop are never
    /// seen.
    static func all(on links: some Sequence<WorkerLink>, now: UInt64) -> [RunningRequest] {
        let requests = links.flatMap { link in
            link.handlers.compactMap { $0 as? RequestContext }.map { RunningRequest($0, now: now) }
        }
        return Array(requests.sorted { $0.milliseconds > $1.milliseconds }.prefix(Self.limit))
    }
}
