internal import Administration

/// Limits of the machine.
extension Check {
    static let machineChecks = [
        Check(name: "open-files", look: openFiles), Check(name: "watches", look: watches),
        Check(name: "control-group", look: group),
    ]

    /// Connections that a server of any size should take: each has a socket. More is what the site count adds.
    static let leastConnections: UInt64 = 8192
    /// What the unit sets (`LimitNOFILE`).
    private static let proposedFiles = 524_288

    @Sendable
    private static func openFiles(_ picture: Picture) -> [Found] {
        // A socket each, a log of a site, and what is read and sent.
        let needed = leastConnections + UInt64(picture.sites.count) * 2
        return picture.processes.filter { $0.role != "worker" }.compactMap { process in
            guard let limit = process.openFiles, limit < needed else { return nil }
            let now = "prlimit --pid \(process.pid) --nofile=\(proposedFiles):\(proposedFiles)"
            let lasting = picture.group.service.map { service in
                "mkdir -p /etc/systemd/system/\(service).d && printf '[Service]\\nLimitNOFILE=\(proposedFiles)\\n' > "
                    + "/etc/systemd/system/\(service).d/limits.conf && systemctl daemon-reload"
            }
            return Found(
                .warning, "",
                "the \(process.role) (process \(process.pid)) may have \(limit) files and connections open; \(needed) are "
                    + "needed for \(leastConnections) connections and \(picture.sites.count) sites",
                [now] + (lasting.map { [$0] } ?? []))
        }
    }

    @Sendable
    private static func watches(_ picture: Picture) -> [Found] {
        // The folders of an application and some below them; a user's instances, one a worker and one for the server.
        let folders = UInt64(picture.folderCount) * 4 + 1024
        let instances = UInt64(picture.caller == 0 ? 0 : picture.poolCount) + 16
        return [
            ("max_user_watches", picture.watches, folders, 1_048_576),
            ("max_user_instances", picture.watchInstances, instances, 8192),
        ].compactMap { name, value, needed, proposed in
            guard let value, value < needed else { return nil }
            return Found(
                .warning, "",
                "fs.inotify.\(name) is \(value), and some \(needed) are needed: changes of files and configuration are "
                    + "noticed late", ["sysctl -w fs.inotify.\(name)=\(max(UInt64(proposed), needed))"])
        }
    }

    @Sendable
    private static func group(_ picture: Picture) -> [Found] {
        let limits = [
            ("memory", "MemoryMax", picture.group.memory),
            ("processes and threads", "TasksMax", picture.group.processes),
        ]
        return limits.compactMap { what, property, numbers in
            guard let numbers, numbers.limit > 0, numbers.used > numbers.limit / 10 * 9 else { return nil }
            let command = picture.group.service.map { "systemctl set-property \($0) \(property)=infinity" }
            return Found(
                .warning, "",
                "the server's control group uses \(numbers.used) of the \(numbers.limit) that it may have (\(what))",
                command.map { [$0] } ?? [])
        }
    }
}
