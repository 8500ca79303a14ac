import Platform

/// Which roles run, written where the next master finds it: an empty file `STATE/roles/PID-START` for each.
struct RoleRegistry {
    private let folder: String

    /// How long an orphan may take to end once it is killed. Unit: milliseconds.
    private static let patience: Int32 = 5000

    init(stateFolder: String) throws(FileError) {
        folder = "\(stateFolder)/roles"
        try Folder.makeOwned(folder)
    }

    func add(_ pid: Int32) throws(FileError) {
        guard let identity = RunningProcess.Identity.of(pid) else { return }
        try Folder.makeEmptyFile(path(identity))
    }

    /// Of a process that has ended.
    func remove(_ pid: Int32) throws(FileError) {
        for name in try Folder.names(in: folder) where name.hasPrefix("\(pid)-") {
            try Folder.removeFile("\(folder)/\(name)")
        }
    }

    /// Ends what a master that was killed left running; answers the process ids.
    func endOrphans() throws -> [Int32] {
        var ended: [Int32] = []
        for name in try Folder.names(in: folder) {
            if let identity = Self.identity(name), let process = try RunningProcess.find(identity) {
                guard process.kill(timeout: Self.patience) else {
                    throw RoleRegistryError(reason: "process \(identity.pid) of an earlier master does not end")
                }
                ended.append(identity.pid)
            }
            try Folder.removeFile("\(folder)/\(name)")
        }
        return ended
    }

    private func path(_ identity: RunningProcess.Identity) -> String {
        "\(folder)/\(identity.pid)-\(identity.startTime)"
    }

    private static func identity(_ name: String) -> RunningProcess.Identity? {
        let parts = name.split(separator: "-")
        guard parts.count == 2, let pid = Int32(parts[0]), let time = UInt64(parts[1]) else { return nil }
        return RunningProcess.Identity(pid: pid, startTime: time)
    }
}

/// An earlier master's processes stand in the way.
struct RoleRegistryError: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
