internal import Glibc

/// The processes of this machine at one instant, and who belongs to whom.
public struct ProcessTable: Sendable {
    public struct Entry: Hashable, Sendable {
        public let pid: Int32
        public let parent: Int32
        public let group: Int32
        /// Clock ticks since the machine started.
        public let startTime: UInt64
        /// It has ended, and nobody has asked how.
        public let isZombie: Bool

        public init(pid: Int32, parent: Int32, group: Int32, startTime: UInt64, isZombie: Bool = false) {
            self.pid = pid
            self.parent = parent
            self.group = group
            self.startTime = startTime
            self.isZombie = isZombie
        }

        public var identity: RunningProcess.Identity { .init(pid: pid, startTime: startTime) }
    }

    public let entries: [Entry]
    private let children: [Int32: [Entry]]

    public init(_ entries: [Entry]) {
        self.entries = entries
        children = Dictionary(grouping: entries, by: \.parent)
    }

    /// As the system tells it now: one small file for each process.
    public static func now() -> ProcessTable {
        let names = (try? Folder.names(in: "/proc")) ?? []
        return ProcessTable(
            names.compactMap { name in
                guard let pid = Int32(name), let status = ProcessStatus.of(pid) else { return nil }
                return Entry(
                    pid: pid, parent: status.parent, group: status.group, startTime: status.startTime,
                    isZombie: status.isZombie)
            })
    }

    public func children(of pid: Int32) -> [Entry] { children[pid] ?? [] }

    /// All that descend from those processes, the nearest first, without them.
    public func descendants(of pids: [Int32]) -> [Entry] {
        var found: [Entry] = []
        var seen = Set(pids)
        var level = pids
        while !level.isEmpty {
            let next = level.flatMap(children(of:)).filter { seen.insert($0.pid).inserted }
            found += next
            level = next.map(\.pid)
        }
        return found
    }
}
