internal import Glibc

/// Paths as text.
public enum FilePath {
    /// A name in a folder.
    public struct Place: Hashable, Sendable {
        public let folder: String
        public let name: String

        public init(folder: String, name: String) {
            self.folder = folder
            self.name = name
        }
    }

    /// As many links as the kernel follows.
    private static let longestChain = 40

    /// The path without links, `.` and `..`; nil with errno set where a part of it is missing or cannot be passed.
    public static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Without slashes at the end, but for the root's own.
    public static func trimmed(_ path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }

    /// Whether an absolute path is the folder's or lies in it, by what they say.
    public static func isInside(_ path: String, _ folder: String) -> Bool {
        guard folder != "/" else { return true }
        let rest = path.utf8.dropFirst(folder.utf8.count)
        return path.utf8.starts(with: folder.utf8) && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
    }

    /// The names that decide what an absolute path leads to: each symbolic link on the way, and the file itself.
    public static func places(of path: String) -> [Place] {
        var places: [Place] = []
        var folder = ""
        var rest = path.split(separator: "/")[...]
        var links = 0
        while let name = rest.popFirst() {
            if name == "." { continue }
            if name == ".." {
                folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
                continue
            }
            let target = links < longestChain ? linkTarget("\(folder)/\(name)") : nil
            if target != nil || rest.isEmpty {
                places.append(Place(folder: folder.isEmpty ? "/" : folder, name: String(name)))
            }
            guard let target else {
                folder += "/\(name)"
                continue
            }
            links += 1
            if target.hasPrefix("/") { folder = "" }
            rest = (target.split(separator: "/") + rest)[...]
        }
        return places
    }

    /// What a symbolic link says; nil for anything else.
    private static func linkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
