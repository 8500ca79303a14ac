import Administration
import Platform

/// The control groups of an instance:
///
///     <own group>/hostelry-<instance>/<pool>            limits hold here
///     <own group>/hostelry-<instance>/<pool>/worker-N   version 2: a worker with its descendants, ended as one
///
/// Nothing here fails: what cannot be had is done without, and `description` says what holds.
final class CGroups {
    /// What limits processor time.
    enum CPUControl: Equatable {
        case unified
        case legacy(ControlGroupFolder)
        case none
    }

    /// Version 2, where groups can be made.
    private let top: ControlGroupFolder?
    let cpu: CPUControl
    private let processors: Int
    private var number = 0
    /// The names of the pools whose limits were set.
    private var limited: Set<String> = []
    private var workers: [Int32: ControlGroupFolder] = [:]
    /// Groups whose last processes are ending.
    private var leaving: [ControlGroupFolder] = []

    /// - Parameter instance: a name that no other instance in the same group has.
    init(_ places: CGroupPlaces, instance: String, processors: Int = Machine.processors) {
        self.processors = processors
        let name = "hostelry-\(instance)"
        var top: ControlGroupFolder?
        var cpu = CPUControl.none
        if let unified = places.unified {
            let base = Self.base(unified)
            top = Self.made(base[name])
            if let top, Self.delegateCPU(from: base, to: top) { cpu = .unified }
        }
        if cpu == .none, let legacy = places.cpu.flatMap({ Self.made(ControlGroupFolder($0)[name]) }) {
            cpu = .legacy(legacy)
        }
        self.top = top
        self.cpu = cpu
    }

    /// The group that a master moves into, so that its own may hold controlled groups.
    private static let masterName = "hostelry-master"

    private static func base(_ own: String) -> ControlGroupFolder {
        let suffix = "/\(masterName)"
        return ControlGroupFolder(own.hasSuffix(suffix) ? String(own.dropLast(suffix.count)) : own)
    }

    private static func made(_ folder: ControlGroupFolder) -> ControlGroupFolder? {
        (try? folder.make()) == nil ? nil : folder
    }

    /// Hands the control of processor time down, as the rules of version 2 want it: a group other than the root with
    /// processes of its own has no controlled groups, so that the master moves aside where it is alone there.
    private static func delegateCPU(from base: ControlGroupFolder, to top: ControlGroupFolder) -> Bool {
        guard base.words(of: "cgroup.controllers")?.contains("cpu") == true else { return false }
        do throws(SystemError) {
            if base.words(of: "cgroup.subtree_control")?.contains("cpu") != true {
                if base.words(of: "cgroup.procs") == ["\(CurrentProcess.pid)"] {
                    _ = try base[masterName].make()
                    try base[masterName].write("\(CurrentProcess.pid)", to: "cgroup.procs")
                }
                try base.write("+cpu", to: "cgroup.subtree_control")
            }
            try top.write("+cpu", to: "cgroup.subtree_control")
            return true
        } catch {
            return false
        }
    }

    /// Whether a worker's descendants can be ended with it.
    var endsDescendants: Bool { top != nil }

    var description: String {
        let limits =
            switch cpu {
            case .unified: "Processor time is limited by control groups (version 2)"
            case .legacy: "Processor time is limited by control groups (version 1)"
            case .none:
                "Control groups cannot limit processor time here: it is sampled, and a pool that takes more is ended"
            }
        let ends = top == nil ? "processes of a worker are looked for when it ends" : "a worker's group ends with it"
        return "\(limits); \(ends)."
    }

    /// Makes a group for a new worker of the pool, with the pool's limits as they are now.
    func membership(pool: String, _ limit: CPULimit) -> CGroupMembership {
        sweep()
        let folder = PoolHome.name(ofPool: pool)
        limited.insert(folder)
        var membership = CGroupMembership()
        if let pool = top.flatMap({ Self.made($0[folder]) }) {
            if cpu == .unified { Self.set(limit.unified, pool) }
            if let worker = newWorker(in: pool), let file = try? worker.open("cgroup.procs") {
                membership.add(file, worker)
            }
        }
        if case .legacy(let top) = cpu, let pool = Self.made(top[folder]) {
            Self.set(limit.legacy, pool)
            if let file = try? pool.open("cgroup.procs") { membership.add(file, nil) }
        }
        return membership
    }

    /// The limits of a pool whose workers run.
    func limit(pool: String, _ limit: CPULimit) {
        let folder = PoolHome.name(ofPool: pool)
        guard limited.contains(folder) else { return }
        switch cpu {
        case .unified: if let top { Self.set(limit.unified, top[folder]) }
        case .legacy(let top): Self.set(limit.legacy, top[folder])
        case .none: break
        }
    }

    private func newWorker(in pool: ControlGroupFolder) -> ControlGroupFolder? {
        // An earlier master's groups may still be there.
        for _ in 0..<10_000 {
            number += 1
            let folder = pool["worker-\(number)"]
            guard let isNew = try? folder.make() else { return nil }
            if isNew { return folder }
        }
        return nil
    }

    private static func set(_ settings: [CPULimit.Setting], _ group: ControlGroupFolder) {
        for setting in settings { try? group.write(setting.text, to: setting.file) }
    }

    // MARK: The workers' life

    func started(_ pid: Int32, _ membership: CGroupMembership) { workers[pid] = membership.folder }

    /// A worker that an earlier master started.
    func adopted(_ pid: Int32) {
        guard let top, let groups = KernelText.text("/proc/\(pid)/cgroup") else { return }
        for line in groups.split(separator: "\n") where line.hasPrefix("0::") {
            let parts = line.split(separator: "/").suffix(3).map(String.init)
            guard parts.count == 3, top.path.hasSuffix("/\(parts[0])") else { continue }
            workers[pid] = top[parts[1]][parts[2]]
        }
    }

    /// Ends what a worker that has ended left behind; false where no group says what that is.
    func ended(_ pid: Int32) -> Bool {
        guard let folder = workers.removeValue(forKey: pid) else { return false }
        folder.kill()
        leaving.append(folder)
        sweep()
        return true
    }

    /// Ends what an earlier master's workers left behind, those aside that were adopted.
    func endLeftovers() {
        guard let top else { return }
        let kept = Set(workers.values)
        for group in top.groups.flatMap(\.groups) where !kept.contains(group) {
            group.kill()
            leaving.append(group)
        }
        sweep()
    }

    /// Removes groups that are empty by now.
    private func sweep() { leaving.removeAll { $0.remove() } }

    /// Removes the groups of pools that are gone or have no worker.
    func removeEmptyGroups() {
        sweep()
        for top in tops {
            for pool in top.groups { _ = pool.remove() }
        }
    }

    /// At the end, when no worker runs any more.
    func close() {
        removeEmptyGroups()
        for top in tops { _ = top.remove() }
    }

    private var tops: [ControlGroupFolder] {
        guard case .legacy(let folder) = cpu else { return [top].compactMap(\.self) }
        return [top, folder].compactMap(\.self)
    }

    /// Nanoseconds of processor time that a pool's processes have taken since its group was made; nil where no group
    /// counts them.
    func processorTime(pool: String) -> UInt64? {
        guard let words = top?[PoolHome.name(ofPool: pool)].words(of: "cpu.stat"),
            let index = words.firstIndex(of: "usage_usec"), words.indices.contains(index + 1)
        else { return nil }
        return UInt64(words[index + 1]).map { $0 * 1000 }
    }
}
