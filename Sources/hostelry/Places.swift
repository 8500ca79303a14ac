import Platform

/// Where an instance lies when nobody says so, and what a path on the command line means.
enum Places {
    static var configuration: String {
        CurrentProcess.user == 0
            ? "/etc/hostelry/applicationHost.config"
            : "\(userFolder("XDG_CONFIG_HOME", ".config"))/hostelry/applicationHost.config"
    }

    static var state: String {
        CurrentProcess.user == 0
            ? "/var/lib/hostelry" : "\(userFolder("XDG_STATE_HOME", ".local/state"))/hostelry"
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
