public import Configuration
internal import Crypto
internal import Platform

/// A folder that several servers read their configuration from. Every call may wait for a network, for ever if need be:
/// they belong on threads that nobody waits for without a limit (`BoundedCall`).
public struct SharedFolder: Hashable, Sendable {
    /// Absolute, without a slash at its end.
    public let path: String
    /// The account that reads it; nil: the server's own. What is written there is written as whoever changes it.
    public let reader: String?

    /// How long the folder may take to answer before it counts as away.
    public static let patience = Duration.seconds(10)

    public init(_ path: String, reader: String? = nil) {
        self.path = path
        self.reader = reader
    }

    /// Takes the place of the local configuration file, whatever that one is called.
    public var serverFile: String { file("applicationHost.config") }
    /// Takes the place of the local administration.config.
    public var administrationFile: String { file("administration.config") }

    /// Keys that travel with the files (`KeyEnvelope`).
    public var keyFile: String { file(KeyEnvelope.fileName) }

    private func file(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// Whether the path leads to something in the folder, as far as it says.
    func holds(_ path: String) -> Bool { path.hasPrefix(file("")) }

    /// Its files as they are now. Throws where the folder or its applicationHost.config cannot be read; what they say is not
    /// looked at.
    public func read() throws(ConfigurationError) -> SharedFiles {
        try asReader { () throws(ConfigurationError) in
            SharedFiles(
                server: try ServerConfiguration.bytes(ofFile: serverFile),
                administration: try ServerConfiguration.bytesIfThere(ofFile: administrationFile))
        }
    }

    /// Does what looks at the folder as its `reader`.
    public func asReader<Value>(
        _ body: () throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        guard let reader else { return try body() }
        let account: Account?
        let outcome: Result<Value, ConfigurationError>
        do throws(SystemError) {
            account = try Account.named(reader)
        } catch {
            throw unreadable(error.description)
        }
        guard let account else { throw unreadable("there is no account of that name on this server") }
        do throws(SystemError) {
            outcome = try FileAccount.perform(as: account) { Result { () throws(ConfigurationError) in try body() } }
        } catch {
            throw unreadable("only a server that runs as root can do that (\(error))")
        }
        return try outcome.get()
    }

    private func unreadable(_ reason: String) -> ConfigurationError {
        ConfigurationError(
            file: serverFile, line: 0, "Cannot read configuration file",
            detail:
                "userName in \(Redirection.fileName) has the folder read as '\(reader ?? "")', and \(reason); name another "
                + "account there, or none for the server's own")
    }

    /// configEncKey.key, nil where there is none: the keys that the folder's files were sealed with, under a password. Waits
    /// for the folder no longer than `patience`.
    public func wrappedKeys() throws(ConfigurationError) -> [UInt8]? {
        try bounded(Self.patience) { () throws(ConfigurationError) in
            try asReader { () throws(ConfigurationError) in
                try ServerConfiguration.bytesIfThere(ofFile: keyFile)
            }
        }
    }

    /// `read` for whoever has nothing else to do meanwhile; throws as well where the folder does not answer in time.
    public func read(within limit: Duration) throws(ConfigurationError) -> SharedFiles {
        try bounded(limit) { () throws(ConfigurationError) in try read() }
    }

    private func bounded<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        let outcome: Result<Value, ConfigurationError>?
        do throws(SystemError) {
            outcome = try BoundedCall.run(limit: limit) { Result { () throws(ConfigurationError) in try body() } }
        } catch {
            throw ConfigurationError(file: serverFile, line: 0, "Cannot read configuration file", detail: "\(error)")
        }
        guard let outcome else { throw silence(limit) }
        return try outcome.get()
    }

    /// What is wrong with a folder that does not answer.
    public func silence(_ limit: Duration) -> ConfigurationError {
        ConfigurationError(
            file: serverFile, line: 0, "Cannot read configuration file",
            detail: "the folder does not answer within \(limit.components.seconds) s")
    }
}

/// The files of a shared folder, as on disk.
public struct SharedFiles: Equatable, Sendable {
    /// applicationHost.config
    public let server: [UInt8]
    /// administration.config; nil where there is none.
    public let administration: [UInt8]?

    public init(server: [UInt8], administration: [UInt8]?) {
        self.server = server
        self.administration = administration
    }

    /// Equal for the same bytes from the same folder, and in all likelihood for no others.
    public struct Fingerprint: Equatable, Sendable {
        fileprivate let folder: SharedFolder
        fileprivate let server: SHA256Digest
        fileprivate let administration: SHA256Digest?
    }

    public func fingerprint(in folder: SharedFolder) -> Fingerprint {
        Fingerprint(
            folder: folder, server: SHA256.hash(server), administration: administration.map { SHA256.hash($0) })
    }
}
