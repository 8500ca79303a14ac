internal import Administration
internal import ConfigurationStore
internal import Platform

/// Logs and disks.
extension Check {
    static let logChecks = [
        Check(name: "disk-full", look: disks), Check(name: "logs-growing", look: growing),
        Check(name: "log-without-end", look: withoutEnd),
    ]

    /// A log folder that is larger is told. Unit: bytes.
    static let largeLog: UInt64 = 10 << 30
    /// Files that are older are proposed for removal. Unit: days.
    static let keptDays = 30
    /// Less of it is an error. Unit: bytes.
    static let leastFree: UInt64 = 256 << 20

    @Sendable
    private static func disks(_ picture: Picture) -> [Found] {
        var told: Set<UInt64> = []
        return picture.disks.compactMap { disk in
            let (free, total) = (disk.space.free, disk.space.total)
            // A small one is never told for its share alone, nor a large one that has plenty.
            let isFull = free < leastFree && free < total / 5
            guard isFull || free < total / 20 && free < 10 << 30, told.insert(disk.space.number).inserted else {
                return nil
            }
            let folder = ShellWord.quoted(disk.folder)
            return Found(
                isFull ? .error : .warning, "",
                "the file system of \(disk.folder) has \(size(free)) of \(size(total)) free",
                ["du -xh --max-depth=2 \(folder) | sort -h | tail"])
        }
    }

    @Sendable
    private static func growing(_ picture: Picture) -> [Found] {
        picture.logs.filter { $0.size > largeLog }.map { log in
            Found(
                .warning, log.site.isEmpty ? "" : "site \"\(log.site)\"",
                "the logs in \(log.folder) take \(size(log.size)) in \(log.count) files; the server never removes any",
                [
                    "find \(ShellWord.quoted(log.folder)) -maxdepth 1 -name 'u_ex*.log' -mtime +\(keptDays) -delete"
                ])
        }
    }

    @Sendable
    private static func withoutEnd(_ picture: Picture) -> [Found] {
        picture.logs.filter(\.neverRollsOver).map { log in
            let command =
                log.site.isEmpty
                ? "config set / system.applicationHost/log centralW3CLogFile.period=Daily --yes"
                : "site set \(ShellWord.quoted(log.site)) logFile.period=Daily"
            return Found(
                .warning, log.site.isEmpty ? "" : "site \"\(log.site)\"",
                "its log is one file without end (period MaxSize with a truncateSize of 4 GB or more)",
                [picture.command(command)])
        }
    }

    private static func size(_ bytes: UInt64) -> String { ContentRoom.size(Int64(clamping: bytes)) }
}
