internal import Glibc

/// Paths as text.
public enum FilePath {
    /// The path without links, `.` and `..`; nil with errno set where a part of it is missing or cannot be passed.
    public static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
