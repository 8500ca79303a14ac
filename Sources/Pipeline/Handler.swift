public import Configuration
import Wire

/// One entry of `<handlers>`: which requests it takes, and which modules then make the response.
public final class Handler {
    /// What must exist on disk for the handler to take a request: `resourceType`.
    enum ResourceType: String {
        case file = "File"
        case directory = "Directory"
        case either = "Either"
        case unspecified = "Unspecified"
        /// Not written by anybody: what `TransferRequestHandler` takes. ASP.NET's routes come first there, and what they
        /// do not know goes on to the handlers behind it; here they know nothing, so what exists goes on, and for
        /// anything else the application is asked, which is not there.
        case missing = ""
    }

    /// `name` of the entry.
    public let name: String
    /// `scriptProcessor` of the entry, empty where there is none.
    public let scriptProcessor: String
    /// Where the entry is written.
    public let source: Provenance
    let path: HandlerPath
    /// Verbs in their exact case; `nil` for `*`.
    let verbs: [[UInt8]]?
    let resourceType: ResourceType
    let requirement: AccessPolicy.Requirement
    let allowsPathInfo: Bool
    /// The handler's modules that have something to do here, in order.
    let modules: [(name: String, module: any Module)]
    /// The first module of the handler that is not there. A request that the handler takes is then 500.21: it never
    /// falls through to a handler that would show the file.
    let missingModule: String?

    init(_ entry: Element, _ list: ModuleList) {
        name = entry.string("name")
        scriptProcessor = entry.string("scriptProcessor")
        source = entry.source
        path = HandlerPath(entry.string("path"))
        let verbs = ASCII.list(entry.string("verb"))
        self.verbs = verbs.contains("*") ? nil : verbs.map { Array($0.utf8) }
        resourceType =
            entry.string("type") == Self.transferHandler
            ? .missing : ResourceType(rawValue: entry.member("resourceType")) ?? .unspecified
        requirement = AccessPolicy.Requirement(rawValue: entry.member("requireAccess")) ?? .script
        allowsPathInfo = entry.bool("allowPathInfo")
        var modules: [(name: String, module: any Module)] = []
        var missing: String?
        for name in ASCII.list(entry.string("modules")) {
            switch list.availability(name) {
            case .enabled(let module): if let module { modules.append((name, module)) }
            case .missing: missing = missing ?? name
            }
        }
        self.modules = modules
        missingModule = missing
    }

    /// The type of ASP.NET's entries for URLs without an extension.
    private static let transferHandler = "System.Web.Handlers.TransferRequestHandler"

    /// The name of the handler's module at `position` of `modules`.
    func moduleName(_ position: Int) -> String? { modules.indices.contains(position) ? modules[position].name : nil }

    /// Whether no module of the handler looks at more of a request than its URL.
    var treatsEveryoneAlike: Bool { modules.allSatisfy { $0.module.treatsEveryoneAlike } }

    func takes(verb: Span<UInt8>) -> Bool {
        guard let verbs else { return true }
        for each in verbs where each.span.equals(verb) { return true }
        return false
    }
}
