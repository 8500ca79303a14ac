import Platform

/// Where this process's own control groups lie, as far as they matter here: each a folder.
struct CGroupPlaces: Equatable, Sendable {
    /// Version 2; beside version 1 it can still end groups.
    var unified: String?
    /// Of version 1's processor time.
    var cpu: String?

    static let none = CGroupPlaces()

    /// Those of this process.
    static func ofCurrentProcess() -> CGroupPlaces {
        guard let mounts = KernelText.text("/proc/self/mounts"), let groups = KernelText.text("/proc/self/cgroup")
        else { return .none }
        return CGroupPlaces(mounts: mounts, groups: groups)
    }

    private init() {}

    /// Those of whoever has groups there.
    static func of(unified: String? = nil, cpu: String? = nil) -> CGroupPlaces {
        var places = CGroupPlaces()
        places.unified = unified
        places.cpu = cpu
        return places
    }

    /// - Parameters:
    ///   - mounts: as `/proc/self/mounts` has them.
    ///   - groups: as `/proc/self/cgroup` has them: `ID:CONTROLLERS:PATH` a line, version 2 without controllers.
    init(mounts: String, groups: String) {
        var unifiedMount: String?
        var cpuMount: String?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3 else { continue }
            // The first mount is the usual one; later ones may lie inside containers.
            if fields[2] == "cgroup2" { unifiedMount = unifiedMount ?? String(fields[1]) }
            if fields[2] == "cgroup", fields[3].split(separator: ",").contains("cpu") {
                cpuMount = cpuMount ?? String(fields[1])
            }
        }
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix("/") else { continue }
            let path = parts[2] == "/" ? "" : String(parts[2])
            if parts[0] == "0", parts[1].isEmpty { unified = unifiedMount.map { $0 + path } }
            if parts[1].split(separator: ",").contains("cpu") { cpu = cpuMount.map { $0 + path } }
        }
    }
}
