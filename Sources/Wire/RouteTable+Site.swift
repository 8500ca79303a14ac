extension RouteTable {
    /// What the router knows of a site.
    ///
    /// Versions of the routes in which a site is the same share what is known of it: a copy is a reference, and finding
    /// out that nothing changed costs nothing.
    public struct Site: Equatable, Sendable {
        /// The site's `id` of the configuration.
        public let id: UInt32
        public var state: SiteState
        private var content: Content {
            didSet { identity = ObjectIdentifier(content) }
        }
        /// Of the content, beside the site itself so that comparing looks at nothing else.
        private var identity: ObjectIdentifier

        public init(
            id: UInt32, name: String, state: SiteState = .started, limits: SiteLimits = SiteLimits(),
            bindings: [Binding], applications: [Application], log: UInt32? = nil
        ) {
            self.id = id
            self.state = state
            content = Content(
                Fields(name: name, limits: limits, bindings: bindings, applications: applications, log: log))
            identity = ObjectIdentifier(content)
        }

        public var name: String { content.fields.name }
        public var limits: SiteLimits { content.fields.limits }
        public var bindings: [Binding] {
            get { content.fields.bindings }
            set { replace { $0.bindings = newValue } }
        }
        public var applications: [Application] {
            get { content.fields.applications }
            set { replace { $0.applications = newValue } }
        }
        /// The number in `logs` of what its access log is like; nil for a site without one.
        public var log: UInt32? {
            get { content.fields.log }
            set { replace { $0.log = newValue } }
        }

        /// Whether one is a copy of the other; copies are equal, and so may others be.
        public func isCopy(of other: Site) -> Bool {
            identity == other.identity && state == other.state && id == other.id
        }

        public static func == (one: Site, other: Site) -> Bool {
            one.id == other.id && one.state == other.state
                && (one.identity == other.identity || one.content.fields == other.content.fields)
        }

        private mutating func replace(_ change: (inout Fields) -> Void) {
            var fields = content.fields
            change(&fields)
            content = Content(fields)
        }
    }

    private struct Fields: Equatable {
        let name: String
        let limits: SiteLimits
        var bindings: [Binding]
        var applications: [Application]
        var log: UInt32?
    }

    private final class Content: Sendable {
        let fields: Fields

        init(_ fields: Fields) { self.fields = fields }
    }
}
