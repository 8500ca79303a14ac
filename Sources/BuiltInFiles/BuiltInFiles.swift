internal import CBuiltInFiles

/// A file that is part of the program: a schema file, or the server configuration beneath a file without
/// `configSections`.
public struct BuiltInFile: Sendable {
    /// For example `Schema/rewrite.xml`.
    public let name: String
    /// UTF-8.
    public let bytes: [UInt8]

    /// How messages name the file, which stands in no folder.
    public var path: String { Self.folder + name }

    /// What the paths of all built-in files begin with.
    public static let folder = "built-in/"

    public var isSchema: Bool { name.hasPrefix("Schema/") }

    /// Every built-in file, in the order in which they are to be read.
    public static let all: [BuiltInFile] = {
        var count = 0
        guard let files = unsafe hostelry_builtin_files(&count) else { return [] }
        // The table is constant data of the program: names end with zero, each file is `count` bytes long.
        return unsafe UnsafeBufferPointer(start: files, count: count).map { file in
            unsafe BuiltInFile(
                name: String(cString: file.name),
                bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
        }
    }()

    /// The server configuration that holds IIS's default sections, modules, handlers and MIME types.
    public static let applicationHost = all.first { $0.name == "applicationHost.config" }
}
