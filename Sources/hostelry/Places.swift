import Platform

/// Where an instance lies when nobody says so, and what a path on the command line means.
enum Places {
    static var configuration: String {
        named("HOSTELRY_CONFIG")
            ?? (CurrentProcess.user == 0
                ? "/etc/hostelry/applicationHost.config"
                : "\(userFolder("XDG_CONFIG_HOME", ".config"))/hostelry/applicationHost.config")
    }

    static var state: String {
        named("HOSTELRY_STATE")
            ?? (CurrentProcess.user == 0
                ? "/var/lib/hostelry" : "\(userFolder("XDG_STATE_HOME", ".local/state"))/hostelry")
    }

    private static func named(_ variable: String) -> String? {
        CurrentProcess.variable(variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where what is of this moment lies: the user's own runtime folder, else that for temporary files.
    static var temporary: String {
        for variable in ["XDG_RUNTIME_DIR", "TMPDIR"] {
            if let folder = CurrentProcess.variable(variable), folder.hasPrefix("/"), isFolder(folder) {
                return folder
            }
        }
        return "/tmp"
    }

    /// The configuration that Visual Studio keeps for the working folder, else the user's own; nil where there is neither.
    static var developersConfiguration: String? {
        let studio = absolute(".vs")
        let solutions = ((try? Folder.subfolders(of: studio)) ?? []).map { "\(studio)/\($0)" }
        return ([studio] + solutions).map { "\($0)/config/applicationhost.config" }.first(where: isFile)
            ?? [configuration].first(where: isFile)
    }

    static func isFolder(_ path: String) -> Bool { kind(path) == .directory }

    private static func isFile(_ path: String) -> Bool { kind(path) == .regular }

    private static func kind(_ path: String) -> FileInformation.Kind? {
        SystemPath(path.utf8).flatMap { try? FileInformation.of($0) }?.kind
    }

    private static func userFolder(_ variable: String, _ usual: String) -> String {
        if let folder = CurrentProcess.variable(variable), folder.hasPrefix("/") { return folder }
        return "\(CurrentProcess.variable("HOME") ?? "")/\(usual)"
    }

    /// The path from the root. `..` goes where the system goes, which through a link is not where the text points.
    static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\((try? CurrentProcess.workingFolder()) ?? "")/\(path)"
        let parts = whole.split(separator: "/").filter { $0 != "." }
        let plain = "/" + parts.joined(separator: "/")
        return parts.contains("..") ? FilePath.resolved(plain) ?? plain : plain
    }
}
