public import Configuration

/// What `redirection.config`, beside the configuration file, says: whether the server's configuration is read from a
/// folder that several servers share, and from which (reference §6.2).
///
///     <configuration>
///         <configSections><section name="configurationRedirection"/></configSections>
///         <configurationRedirection enabled="true" path="/srv/shared"/>
///     </configuration>
///
/// It is always the local one: a redirection.config in the shared folder says nothing to anybody.
public struct Redirection: Equatable, Sendable {
    public static let fileName = "redirection.config"
    static let section = "configurationRedirection"
    /// A shorter pollingPeriod counts as this long.
    static let shortestPeriod = Duration.seconds(1)

    /// The path of the redirection.config.
    public let file: String
    /// Default: false.
    public let isEnabled: Bool
    /// With its variables expanded and without a slash at its end; absolute where `isEnabled`.
    public let folder: String
    /// The account that reads the folder; empty for the server's own.
    public let userName: String
    /// Whether a password stands beside the name. It is of no effect: root reads as another account without it.
    public let hasPassword: Bool
    /// The folder is looked at every `pollingPeriod` and its changes are not listened for. Default: false.
    public let pollsOnly: Bool
    /// How often the folder is looked at, whatever is announced. Default: 3 min; at least 1 s.
    public let pollingPeriod: Duration

    /// The one beside a configuration file. Where there is none nothing is redirected; one that makes no sense is an error.
    public static func beside(_ configurationPath: String) throws(ConfigurationError) -> Redirection {
        let file = path(beside: configurationPath)
        let bytes = try ServerConfiguration.bytesIfThere(ofFile: file)
        return try Redirection(bytes ?? Array("<configuration><configSections/></configuration>".utf8), file: file)
    }

    static func path(beside configurationPath: String) -> String { "\(LocalFolder.of(configurationPath))/\(fileName)" }

    /// `bytes` as on disk.
    public init(_ bytes: [UInt8], file: String) throws(ConfigurationError) {
        let configuration = try ServerConfiguration(
            bytes: bytes, path: file, variables: ["HOSTELRY_CONFIG_DIR": LocalFolder.of(file)])
        if let problem = configuration.problems().first { throw problem }
        let element = configuration.section(Self.section)
        self.file = file
        isEnabled = element.bool("enabled")
        var folder = element.string("path")
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        self.folder = folder
        userName = element.string("userName")
        let password = element.string("password")
        // Default: an empty one, encrypted.
        hasPassword = EncryptedText(password).map { !$0.payload.isEmpty } ?? !password.isEmpty
        pollsOnly = element.bool("enableUncPolling")
        pollingPeriod = max(Self.shortestPeriod, element.duration("pollingPeriod") ?? .zero)
        guard isEnabled else { return }
        if let mistake = Self.mistake(in: folder) {
            throw ConfigurationError(
                file: file, line: element.document?.line ?? 0, "The attribute 'path' is not valid", detail: mistake)
        }
    }

    /// Why a path cannot be that of a shared folder; nil for one that can.
    static func mistake(in folder: String) -> String? {
        if folder.isEmpty { return "it names no folder; write the shared folder's path" }
        if folder.hasPrefix("\\\\") || folder.hasPrefix("//") {
            return "'\(folder)' is a share's name; mount the share and write the path of the folder it is mounted at"
        }
        if folder.utf8.contains(where: { $0 < 32 }) { return "it holds control characters" }
        return folder.hasPrefix("/") ? nil : "'\(folder)' is not an absolute path"
    }

    /// The shared folder; nil where the local files are in force.
    public var sharedFolder: SharedFolder? {
        isEnabled ? SharedFolder(folder, reader: userName.isEmpty ? nil : userName) : nil
    }

    /// What of it has no effect, and what to do instead; nil where all has.
    public var remark: String? {
        guard isEnabled, hasPassword else { return nil }
        return
            "password in \(Self.fileName) is of no effect: a server that runs as root reads as another account without "
            + "it, and what the file server wants to be told belongs to the mount (for SMB 'credentials=' in /etc/fstab); "
            + "remove it"
    }
}

/// The folder that a configuration file lies in.
enum LocalFolder {
    static func of(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "" : String(path[..<slash])
    }
}
