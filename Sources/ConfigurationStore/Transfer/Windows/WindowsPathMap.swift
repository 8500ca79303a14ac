internal import Platform

/// Where folders of a Windows machine lie on this one: `C:\inetpub=/srv/inetpub`, the longest that fits.
public struct WindowsPathMap: Sendable {
    public struct Entry: Hashable, Sendable {
        /// Without a backslash at the end.
        public let windows: String
        /// Absolute, without a slash at the end but for the root.
        public let here: String

        /// Nil where `text` is not `WINDOWS=HERE` with a path of Windows and an absolute one.
        public init?(_ text: String) {
            guard let sign = text.lastIndex(of: "=") else { return nil }
            let windows = WindowsPathMap.expanded(String(text[..<sign]).replacing("/", with: "\\"))
            let here = String(text[text.index(after: sign)...])
            guard WindowsPathMap.isAbsolute(windows), here.hasPrefix("/") else { return nil }
            self.windows = WindowsPathMap.trimmed(windows)
            self.here = FilePath.trimmed(here)
        }
    }

    private let entries: [Entry]

    public init(_ entries: [Entry]) { self.entries = entries.sorted { $0.windows.count > $1.windows.count } }

    /// The path here; nil where no entry holds it. Segments keep their case of letters.
    public func path(of windows: String) -> String? {
        let path = Self.expanded(windows.replacing("/", with: "\\"))
        for entry in entries {
            guard path.count >= entry.windows.count,
                path.prefix(entry.windows.count).lowercased() == entry.windows.lowercased()
            else { continue }
            let rest = path.dropFirst(entry.windows.count)
            guard rest.isEmpty || rest.first == "\\" else { continue }
            // Windows paths do not climb in files that its tools write; here they would leave the mapped folder.
            guard !rest.split(separator: "\\").contains("..") else { return nil }
            let tail = rest.replacing("\\", with: "/")
            return entry.here == "/" ? (tail.isEmpty ? "/" : String(tail)) : entry.here + tail
        }
        return nil
    }

    /// The way back: the path there of one of this machine; nil where no entry holds it, and for a name that Windows has not.
    public func windows(of here: String) -> String? {
        for entry in entries.sorted(by: { $0.here.utf8.count > $1.here.utf8.count }) where here.hasPrefix(entry.here) {
            let rest = here.dropFirst(entry.here == "/" ? 0 : entry.here.count)
            guard rest.isEmpty || rest.first == "/" else { continue }
            let names = rest.split(separator: "/")
            guard !names.contains(where: { $0 == ".." || $0.contains(where: Self.isForbidden) }) else { return nil }
            let tail = names.map { "\\\($0)" }.joined()
            return entry.windows + (tail.isEmpty && entry.windows.hasSuffix(":") ? "\\" : tail)
        }
        return nil
    }

    /// Whether a value is a path of Windows: a drive, a share, or one below a variable that every Windows has.
    public static func isWindows(_ value: String) -> Bool { isAbsolute(expanded(value)) }

    private static func isForbidden(_ character: Character) -> Bool { "<>:\"\\|?*".contains(character) }

    private static func isAbsolute(_ path: String) -> Bool {
        if path.hasPrefix("\\\\") { return path.count > 2 }
        let start = Array(path.utf8.prefix(3))
        guard start.count >= 2, start[1] == UInt8(ascii: ":") else { return false }
        let isLetter = (65...90).contains(start[0]) || (97...122).contains(start[0])
        return isLetter && (start.count == 2 || start[2] == UInt8(ascii: "\\"))
    }

    /// What the variables are on a machine that nobody set up otherwise.
    private static let variables = [
        "%systemdrive%": "C:", "%windir%": "C:\\Windows", "%systemroot%": "C:\\Windows",
        "%programfiles%": "C:\\Program Files", "%programfiles(x86)%": "C:\\Program Files (x86)",
        "%programdata%": "C:\\ProgramData", "%iis_bin%": "C:\\Windows\\System32\\inetsrv",
    ]

    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("%"), let end = path.dropFirst().firstIndex(of: "%"),
            let value = variables[path[...end].lowercased()]
        else { return path }
        return value + path[path.index(after: end)...]
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.last == "\\" { path.removeLast() }
        return path
    }
}
