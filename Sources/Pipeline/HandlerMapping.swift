import Configuration
import Wire

/// Which handler takes a request: the first entry of `<handlers>` whose verb, path and resource fit.
///
/// Section: `system.webServer/handlers`.
struct HandlerMapping {
    /// A handler whose verb and path fit; whether its resource exists is asked when the request is mapped.
    struct Candidate {
        let handler: Handler
        /// Where the script ends and path information begins, when the URL path goes on behind the script.
        let scriptLength: Int?
    }

    let policy: AccessPolicy
    private let handlers: [Handler]
    /// In order.
    var all: [Handler] { handlers }

    init(_ section: Element, _ list: ModuleList, _ traits: WorkerTraits) {
        policy = AccessPolicy(rawValue: section.flags("accessPolicy"))
        handlers = section.items.filter { traits.satisfy($0.string("preCondition")) }.map { Handler($0, list) }
    }

    /// In order, up to the first that takes the path whatever exists.
    func candidates(_ path: Span<UInt8>, verb: Span<UInt8>) -> [Candidate] {
        var candidates: [Candidate] = []
        for handler in handlers where handler.takes(verb: verb) {
            if handler.path.matches(path) {
                candidates.append(Candidate(handler: handler, scriptLength: nil))
                if handler.resourceType == .unspecified { break }
            } else if handler.allowsPathInfo, let length = handler.path.scriptLength(in: path) {
                candidates.append(Candidate(handler: handler, scriptLength: length))
                if handler.resourceType == .unspecified { break }
            }
        }
        return candidates
    }
}
