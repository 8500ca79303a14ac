public import Administration
public import HostModel
public import Platform

/// What was found out about a server. Nil and empty lists are what nobody could tell.
public struct Picture: Sendable {
    public struct Site: Equatable, Sendable {
        public var name: String
        public var startsByItself = true
        /// Of what is served over the network.
        public var isPublic = false

        public init(name: String, startsByItself: Bool = true, isPublic: Bool = false) {
            self.name = name
            self.startsByItself = startsByItself
            self.isPublic = isPublic
        }
    }

    public struct Binding: Equatable, Sendable {
        public var site: String
        /// As the configuration has it, for example `http/*:80:`.
        public var text: String
        /// Nil for every address.
        public var address: InternetAddress?
        public var port: UInt16

        public init(site: String, text: String, address: InternetAddress? = nil, port: UInt16) {
            self.site = site
            self.text = text
            self.address = address
            self.port = port
        }
    }

    /// A socket that somebody else listens at.
    public struct Listener: Equatable, Sendable {
        public var socket: ObservedListener
        public var pid: Int32?
        public var name: String?
        /// For example `nginx.service`.
        public var service: String?

        public init(socket: ObservedListener, pid: Int32? = nil, name: String? = nil, service: String? = nil) {
            self.socket = socket
            self.pid = pid
            self.name = name
            self.service = service
        }
    }

    /// A folder, or a web.config in one, that a pool serves.
    public struct Content: Equatable, Sendable {
        public enum State: Equatable, Sendable {
            case missing
            /// It, or what is on the way to it, is no folder.
            case noFolder
            /// The pool's user cannot pass through the folder.
            case refused(at: String)
            case unreadable
            case silent
        }

        public var application: String
        public var pool: String
        /// The number of the pool's user.
        public var user: UInt32
        public var path: String
        public var state: State
        /// Of what is missing: whether another user can change what is on the way to it.
        public var isAmongOthers: Bool

        public init(
            application: String, pool: String, user: UInt32, path: String, state: State, isAmongOthers: Bool = false
        ) {
            self.application = application
            self.pool = pool
            self.user = user
            self.path = path
            self.state = state
            self.isAmongOthers = isAmongOthers
        }
    }

    /// A folder of a site's, and how commands name it, for example `Shop/api`.
    public struct SiteFolder: Equatable, Sendable {
        public let name: String
        public let path: String

        public init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    /// A setting of an application, and where it stands.
    public struct Setting: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            case debugFile
            case development
            case detailedErrors
            case processes(Int64)
        }

        public var kind: Kind
        public var site: String
        /// For example `Site/shop`.
        public var path: String
        public var file: String
        public var line: Int
        /// Whether a web.config says it.
        public var isDelegated: Bool

        public init(_ kind: Kind, site: String, path: String, file: String, line: Int, isDelegated: Bool) {
            self.kind = kind
            self.site = site
            self.path = path
            self.file = file
            self.line = line
            self.isDelegated = isDelegated
        }
    }

    /// The log folder of a site, or of all.
    public struct Log: Equatable, Sendable {
        public var site: String
        public var folder: String
        /// Unit: bytes.
        public var size: UInt64
        public var count: Int
        /// No new file is ever begun.
        public var neverRollsOver: Bool

        public init(site: String, folder: String, size: UInt64, count: Int, neverRollsOver: Bool = false) {
            self.site = site
            self.folder = folder
            self.size = size
            self.count = count
            self.neverRollsOver = neverRollsOver
        }
    }

    /// A folder whose file system may become full.
    public struct Disk: Equatable, Sendable {
        public var folder: String
        public var space: FileSystemSpace

        public init(folder: String, space: FileSystemSpace) {
            self.folder = folder
            self.space = space
        }
    }

    /// A file or folder of the server's own.
    public struct OwnFile: Equatable, Sendable {
        public var path: String
        public var facts: FileFacts
        /// Whether it holds state, which is the server's alone.
        public var isState: Bool

        public init(path: String, facts: FileFacts, isState: Bool) {
            self.path = path
            self.facts = facts
            self.isState = isState
        }
    }

    public struct Process: Equatable, Sendable {
        /// `master`, `router` or `worker`.
        public var role: String
        public var pid: Int32
        public var isReplaced: Bool
        public var openFiles: UInt64?

        public init(role: String, pid: Int32, isReplaced: Bool = false, openFiles: UInt64? = nil) {
            self.role = role
            self.pid = pid
            self.isReplaced = isReplaced
            self.openFiles = openFiles
        }
    }

    /// Of the server's control group; nil where there is no limit.
    public struct Group: Equatable, Sendable {
        public var service: String?
        public var memory: (used: UInt64, limit: UInt64)?
        public var processes: (used: UInt64, limit: UInt64)?

        public init(
            service: String? = nil, memory: (used: UInt64, limit: UInt64)? = nil,
            processes: (used: UInt64, limit: UInt64)? = nil
        ) {
            self.service = service
            self.memory = memory
            self.processes = processes
        }

        public static func == (one: Group, other: Group) -> Bool {
            one.service == other.service && one.memory?.used == other.memory?.used
                && one.memory?.limit == other.memory?.limit && one.processes?.used == other.processes?.used
                && one.processes?.limit == other.processes?.limit
        }
    }

    public struct Unseen: Equatable, Sendable {
        public let what: String
        public let why: String
    }

    public var configuration: String
    public var state: String
    /// The options that a command for this instance is given: where it is the machine's, none.
    public var configurationOption = ""
    public var stateOption = ""
    /// The user that asks, and so the one that starts the server.
    public var caller: UInt32 = 0
    /// The version of the programs on disk.
    public var version = ""
    /// Whether access lists can be changed by a command that names the pool's user.
    public var setfacl = true

    public var problems: [Problem] = []
    public var server: ServerStatus?
    public var processes: [Process] = []
    public var group = Group()
    public var sites: [Site] = []
    public var siteFolders: [SiteFolder] = []
    public var bindings: [Binding] = []
    public var listeners: [Listener] = []
    /// The first port that every user may have.
    public var firstFreePort: UInt16 = 1024
    public var mayHaveAllPorts = true
    public var content: [Content] = []
    public var settings: [Setting] = []
    public var applications: [PublishedApplications.Remark] = []
    /// Pools with `ASPNETCORE_ENVIRONMENT=Development` in their variables that a public site uses: pool and site.
    public var developmentPools: [(pool: String, site: String)] = []
    /// Those of the last day that are no mere information.
    public var events: [EventRecord] = []
    public var logs: [Log] = []
    public var disks: [Disk] = []
    public var files: [OwnFile] = []
    /// Where secrets stand in clear text.
    public var clearSecrets: [String] = []
    /// Folders that workers watch, about.
    public var folderCount = 0
    public var poolCount = 0
    public var watches: UInt64?
    public var watchInstances: UInt64?
    public var unseen: [Unseen] = []

    public init(configuration: String, state: String) {
        self.configuration = configuration
        self.state = state
    }

    /// How commands name the folder of the file; nil where it is no site's.
    func place(of file: String) -> String? {
        let holding = siteFolders.filter { MountPoints.holds($0.path, file) }
        guard let nearest = holding.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else { return nil }
        let below = file.dropFirst(nearest.path.count).split(separator: "/").dropLast()
        return ([nearest.name] + below.map(String.init)).joined(separator: "/")
    }

    /// `hostelry` with those words, for this instance.
    func command(_ words: String, configured: Bool = true) -> String {
        "hostelry \(words)\(configured ? configurationOption : "")\(stateOption)"
    }
}
