public import Configuration
internal import Crypto
internal import Platform

/// A folder that several servers read their configuration from. Every call may wait for a network, for ever if need be:
/// they belong on threads that nobody waits for without a limit (`BoundedCall`).
public struct SharedFolder: Hashable, Sendable {
    /// Absolute, without a slash at its end.
    public let path: String

    /// How long the folder may take to answer before it counts as away.
    public static let patience = Duration.seconds(10)

    public init(_ path: String) { self.path = path }

    /// Takes the place of the local configuration file, whatever that one is called.
    public var serverFile: String { file("applicationHost.config") }
    /// Takes the place of the local administration.config.
    public var administrationFile: String { file("administration.config") }

    private func file(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// Whether the path leads to something in the folder, as far as it says.
    func holds(_ path: String) -> Bool { path.hasPrefix(file("")) }

    /// Its files as they are now. Throws where the folder or its applicationHost.config cannot be read; what they say is not
    /// looked at.
    public func read() throws(ConfigurationError) -> SharedFiles {
        SharedFiles(
            server: try ServerConfiguration.bytes(ofFile: serverFile),
            administration: try ServerConfiguration.bytesIfThere(ofFile: administrationFile))
    }

    /// `read` for whoever has nothing else to do meanwhile; throws as well where the folder does not answer in time.
    public func read(within limit: Duration) throws(ConfigurationError) -> SharedFiles {
        let outcome: Result<SharedFiles, ConfigurationError>?
        do throws(SystemError) {
            outcome = try BoundedCall.run(limit: limit) { [self] in
                Result { () throws(ConfigurationError) in try read() }
            }
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
