//  Explanation: what a request would meet, without a server (`hostelry explain`).
//
//      URL, host, verb ─► RequestText            read and cooked as the router does
//      HostModel       ─► BindingSearch          which site takes it, and why
//      PathResolver, RequestPipeline ─► RequestRecord      the worker's own pipeline, run in this process
//                          └──────────► Explanation ─► text, JSON
//
//  Modules that only read are called; of one that could change something it is said that it would be.

/// The answer to: what happens to this request, and which file and line says so?
public struct Explanation: Sendable {
    public let verb: String
    public let url: String
    public internal(set) var answer: Answer
    public internal(set) var site: Item?
    public internal(set) var binding: Item?
    public internal(set) var application: Item?
    public internal(set) var pool: Item?
    public internal(set) var virtualDirectory: Item?
    /// What the URL names on disk.
    public internal(set) var physicalPath: String?
    /// The files that the configuration at the path comes from, outermost first.
    public internal(set) var files: [String] = []
    public internal(set) var handlers: [Item] = []
    /// Handlers whose path fits and that did not take the request, with the reason.
    public internal(set) var passedOver: [Item] = []
    /// In the order in which the request meets them.
    public internal(set) var modules: [ModuleCall] = []
    public internal(set) var warnings: [String] = []

    public struct Answer: Sendable {
        /// Nil where the request does not come so far as to have one.
        public var status: UInt16?
        public var subStatus: UInt16 = 0
        public var text: String
        /// What exactly, for example which segment is denied.
        public var detail = ""
        /// The module that answers or refuses.
        public var module = ""
        public var stage = ""
        /// The entries and attributes that decided, with their lines; none where a default of the schema did.
        public var entries: [Item] = []
        /// The sections that the module read, with the places that write them.
        public var decidedBy: [Item] = []

        /// Whether the client is served what it asks for.
        public var isGood: Bool { status.map { $0 < 400 } ?? false }
    }

    /// Something with a name, what there is to say of it, and where it is written.
    public struct Item: Sendable {
        public let name: String
        public let detail: String
        public let sources: [String]

        init(_ name: String, _ detail: String = "", _ sources: [String] = []) {
            self.name = name
            self.detail = detail
            self.sources = sources
        }
    }

    public struct ModuleCall: Sendable {
        public let stage: String
        public let name: String
        public let outcome: String
        /// The URL path, where it is another than the client's: of a child request.
        public let path: String
        public let source: String
    }
}
