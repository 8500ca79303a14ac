/// An application of a site: a URL path, the pool that runs it, and its folders.
public struct Application: Hashable, Sendable {
    /// `/` or for example `/shop`.
    public let path: String
    /// The pool's name; empty where none is given anywhere.
    public let pool: String
    /// The provider that warms the application up (`serviceAutoStartEnabled`, `serviceAutoStartProvider`); nil for none.
    public let autoStartProvider: String?
    /// In lower case, for example `http`.
    public let enabledProtocols: [String]
    public let preloadEnabled: Bool
    public internal(set) var virtualDirectories: [VirtualDirectory]
    public internal(set) var line: SourceLine
    /// Why the application answers 503; empty for a sound one.
    public internal(set) var quarantine: [Problem] = []
}

/// A folder at a URL path of an application.
public struct VirtualDirectory: Hashable, Sendable {
    /// Within the application: `/` or for example `/images`.
    public let path: String
    /// `%VAR%` expanded. A Windows path stays as written.
    public let physicalPath: String
    /// Empty: whoever runs the worker reads the folder.
    public let userName: String
    /// As written: clear text or `[enc:…:enc]`. Never shown.
    public let password: String
    /// `Interactive`, `Batch`, `Network` or `ClearText`.
    public let logonMethod: String
    /// Whether web.config files below the folder itself are read. IIS: true.
    public let allowSubDirConfig: Bool
    /// False: names in URLs match files and folders in any case of letters, as on Windows. Ours; default true.
    public let isCaseSensitive: Bool
    public internal(set) var line: SourceLine

    /// Whether a path is one of Windows: a drive, a UNC share or backslashes.
    public static func isWindowsPath(_ path: String) -> Bool {
        let bytes = Array(path.utf8.prefix(3))
        if path.hasPrefix("\\") || path.lowercased().hasPrefix("%systemdrive%") { return true }
        let letter = bytes.first.map { (65...90).contains($0) || (97...122).contains($0) } ?? false
        return bytes.count >= 2 && letter && bytes[1] == 58
    }
}
