import Platform

/// Where an error page's file lies, as `path` and `prefixLanguageFilePath` state it.
struct ErrorFile {
    /// A file on this machine.
    enum Place: Hashable, Sendable {
        /// No symbolic link leads out of `folder`.
        case beneath(SystemPath, folder: SystemPath)
        case absolute(SystemPath)
    }

    /// A path of the configuration, by its shape.
    enum Shape: Equatable {
        /// With slashes, whichever way they were written.
        case relative([UInt8])
        case absolute([UInt8])
        /// A drive, a share or a variable of Windows: it names nothing on this machine.
        case elsewhere

        init(_ text: String) {
            let bytes = Array(text.utf8)
            let isDrive = bytes.count > 1 && bytes[1] == 0x3A && (bytes[0] | 0x20) &- 0x61 < 26
            if isDrive || bytes.first == 0x5C || bytes.first == 0x25 {
                self = .elsewhere
            } else if bytes.first == 0x2F {
                self = .absolute(bytes)
            } else {
                self = .relative(bytes.map { $0 == 0x5C ? 0x2F : $0 })
            }
        }
    }

    let path: Shape
    /// The folder of one folder a language; nil where `path` stands alone.
    let prefix: Shape?

    init(path: String, prefix: String) {
        self.path = Shape(path)
        self.prefix = prefix.isEmpty ? nil : Shape(prefix)
    }

    /// Whether the file lies where no site's folder is its beginning.
    var isAbsolute: Bool {
        if case .relative = prefix ?? path { return false }
        return true
    }

    var isElsewhere: Bool { (prefix ?? path) == .elsewhere }

    /// The name that says what kind of file it is.
    var name: [UInt8] {
        switch path {
        case .relative(let bytes), .absolute(let bytes): bytes
        case .elsewhere: []
        }
    }

    /// Where to look, in order.
    ///
    /// - Parameters:
    ///   - languages: names of folders below `prefix`.
    ///   - roots: where relative paths begin.
    func places(languages: @autoclosure () -> [String], roots: @autoclosure () -> [SystemPath]) -> [Place] {
        guard let prefix else {
            switch path {
            case .relative(let bytes): return Self.places([bytes], beneath: roots())
            case .absolute(let bytes): return [SystemPath(bytes)].compactMap { $0 }.map { .absolute($0) }
            case .elsewhere: return []
            }
        }
        let rest = name.drop { $0 == 0x2F }
        guard !rest.isEmpty else { return [] }
        let inFolders: [[UInt8]] = languages().map { Array($0.utf8) + [0x2F] + rest }
        switch prefix {
        case .absolute(let folder): return Self.places(inFolders, beneath: [SystemPath(folder)].compactMap { $0 })
        case .relative(let folder): return Self.places(inFolders.map { folder + [0x2F] + $0 }, beneath: roots())
        case .elsewhere: return []
        }
    }

    private static func places(_ paths: [[UInt8]], beneath folders: [SystemPath]) -> [Place] {
        paths.flatMap { path in
            folders.compactMap { folder in SystemPath(path).map { Place.beneath($0, folder: folder) } }
        }
    }
}
