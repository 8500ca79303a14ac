internal import Platform

/// Reads configuration files from disk with IIS's words for what goes wrong.
enum FileAccess {
    /// As on IIS (`MaxWebConfigFileSizeInKB`, 250 by default).
    static let webConfig = FileReader(limit: 250 << 10)
    /// The server's own file; 50,000 sites need 17 MB.
    static let server = FileReader(limit: FileReader.usualLimit)

    static func read(_ path: String, with reader: FileReader) throws(ConfigurationError) -> FileContents {
        do throws(FileError) {
            return try reader.read(path)
        } catch {
            throw ConfigurationError(error)
        }
    }
}

extension ConfigurationError {
    init(_ error: FileError) {
        let message = "Cannot read configuration file"
        let path = error.path
        switch error.kind {
        case .missing:
            self.init(file: path, line: 0, message, detail: error.reason, code: .fileNotFound)
        case .denied:
            self.init(file: path, line: 0, message + " due to insufficient permissions", code: .accessDenied)
        case .tooLarge:
            self.init(file: path, line: 0, message + " because it exceeds the maximum file size", detail: error.reason)
        default:
            self.init(file: path, line: 0, message, detail: error.reason)
        }
    }
}
