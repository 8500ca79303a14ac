import Configuration
import Platform

/// The folders that programs without a path are looked for in.
struct SearchPath {
    private let folders: [String]

    /// What shells use where nothing is said.
    private static let usual = "/usr/local/bin:/usr/bin:/bin"

    /// Programs that Linux calls by another name.
    private static let otherNames = ["python": "python3", "py": "python3", "nodejs": "node"]

    init(_ environment: EnvironmentVariables) {
        let path = environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.usual
        folders = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { FilePath.trimmed(String($0)) }
    }

    /// The file of a program whose name may end in `.exe` and be in another case of letters: exactly so, or in lower case.
    func find(_ name: String) -> String? {
        let bare = name.lowercased().hasSuffix(".exe") ? String(name.dropLast(4)) : name
        let lowered = bare.lowercased()
        for candidate in [bare, lowered, Self.otherNames[lowered]].compactMap(\.self) where !candidate.isEmpty {
            if let found = folders.lazy.map({ "\($0)/\(candidate)" }).first(where: Self.isProgram) { return found }
        }
        return nil
    }

    static func isProgram(_ path: String) -> Bool {
        guard let systemPath = SystemPath(path.utf8), let kind = try? FileInformation.of(systemPath).kind else {
            return false
        }
        return kind == .regular && FileFacts.mayExecute(path)
    }
}
