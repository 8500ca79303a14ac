/// Where an application stands: all that the module knows of it beside its own section.
public struct ApplicationPlace: Equatable, Sendable {
    public struct Binding: Equatable, Sendable {
        /// `http` or `https`.
        public let scheme: String
        /// `IP:PORT:HOST`
        public let information: String

        public init(scheme: String, information: String) {
            self.scheme = scheme
            self.information = information
        }
    }

    public var siteName: String
    public var siteID: UInt32
    /// `/` for the root application, else for example `/shop`.
    public var path: String
    /// The application's folder, absolute, without a slash at its end.
    public var folder: String
    public var pool: String
    /// The file that the pool's workers have their configuration from; empty where there is none to name.
    public var poolConfigurationFile = ""
    /// Of the pool: `enable32BitAppOnWin64`.
    public var is32Bit = false
    public var bindings: [Binding] = []
    /// Which of `windows`, `basic` and `anonymous` authentication are enabled for the application.
    public var authentication: [String] = []
    /// Whether WebSockets are offered to the application (`system.webServer/webSocket`).
    public var hasWebSockets = true

    public init(siteName: String, siteID: UInt32, path: String, folder: String, pool: String) {
        self.siteName = siteName
        self.siteID = siteID
        self.path = path
        self.folder = folder
        self.pool = pool
    }

    /// The metabase path that events and variables show, for example `/LM/W3SVC/1/ROOT/shop`.
    public var applicationID: String { "/LM/W3SVC/\(siteID)/ROOT" + (path == "/" ? "" : path) }

    /// For example `MACHINE/WEBROOT/APPHOST/Default Web Site/shop`.
    public var configurationPath: String { "MACHINE/WEBROOT/APPHOST/\(siteName)" + (path == "/" ? "" : path) }
}
