import Glibc
import Platform

/// A file found by a path whose letters may be of another case, as on Windows.
enum CasedFile {
    /// The path as the folders spell it; nil where no such regular file is.
    static func find(_ path: String) throws(LaunchFailure) -> String? { try find(path, of: [.regular]) }

    /// The same for folders too.
    static func findAny(_ path: String) throws(LaunchFailure) -> String? {
        try find(path, of: [.regular, .directory])
    }

    private static func find(
        _ path: String, of kinds: Set<FileInformation.Kind>
    ) throws(LaunchFailure) -> String? {
        if let kind = try kind(of: path) { return kinds.contains(kind) ? path : nil }
        guard let spelled = try spelling(of: path), let kind = try kind(of: spelled), kinds.contains(kind) else {
            return nil
        }
        return spelled
    }

    /// Nil where nothing is.
    private static func kind(of path: String) throws(LaunchFailure) -> FileInformation.Kind? {
        guard let systemPath = SystemPath(path.utf8) else { return nil }
        do throws(SystemError) {
            return try FileInformation.of(systemPath).kind
        } catch {
            let isAbsent = [ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP].contains(error.code)
            guard isAbsent else { throw LaunchFailure("'\(path)' cannot be reached: \(error.reason).") }
            return nil
        }
    }

    private static func spelling(of path: String) throws(LaunchFailure) -> String? {
        var found = ""
        for name in path.split(separator: "/") {
            let next = "\(found)/\(name)"
            if name == ".." || SystemPath(next.utf8).flatMap({ try? FileInformation.of($0) }) != nil {
                found = next
                continue
            }
            do throws(FileError) {
                let folder = found.isEmpty ? "/" : found
                guard let spelling = try NameLookup.find(String(name), inFolder: folder)?.spelling else { return nil }
                found += "/\(spelling)"
            } catch {
                throw LaunchFailure("'\(path)' cannot be found: \(error.reason).")
            }
        }
        return found
    }
}
