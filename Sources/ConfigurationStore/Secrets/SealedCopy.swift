internal import Configuration
internal import Platform

/// A configuration file as the program keeps copies of it (backups, the folders of `configHistory`): what stands in it in
/// clear text and is to be encrypted is sealed with the instance's key, as `hostelry keys encrypt` seals it; every other
/// byte is the file's. The same file under the same key makes the same copy.
struct SealedCopy {
    /// Why nothing is copied.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// Whether the file is no configuration.
        var isMistake = false
    }

    private let keys: KeyFile
    /// Of the instance's own schema.
    private let schemaFiles: [(path: String, bytes: [UInt8])]

    /// - Parameter schemaFolder: `schema` beside the local configuration file.
    init(state: String, schemaFolder: String) throws(Failure) {
        keys = KeyFile(state: state)
        do throws(ConfigurationError) {
            schemaFiles = try ServerConfiguration.schemaFiles(in: schemaFolder)
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// Throws for what is no configuration, since nobody can tell what is secret in it, and where something is to be sealed
    /// and there is no key.
    ///
    /// - Parameter path: how errors name the file.
    func bytes(of file: [UInt8], path: String) throws(Failure) -> [UInt8] {
        do {
            let server = try ServerConfiguration(bytes: file, path: path, schemaFiles: schemaFiles)
            guard SecretValue.all(in: server).contains(where: \.isClear) else { return file }
            return try SecretSealing.seal(.clear, in: server, with: try keys.readOrMake(), isRepeatable: true).bytes
        } catch let error as ConfigurationError {
            throw Failure(
                description: "what is secret in a file that has a mistake cannot be told: \(error)", isMistake: true)
        } catch {
            throw Failure(description: "what is secret in \(path) cannot be sealed: \(error)")
        }
    }
}
