internal import Glibc

/// What `/proc/PID/stat` says of a process.
struct ProcessStatus: Equatable {
    let parent: Int32
    let group: Int32
    let session: Int32
    /// Clock ticks, with those of children that ended and were waited for.
    let time: UInt64
    /// Clock ticks since the machine started.
    let startTime: UInt64
    /// It has ended, and nobody has asked how.
    let isZombie: Bool

    /// Nil where there is no such process.
    static func of(_ pid: Int32) -> ProcessStatus? {
        KernelText.bytes("/proc/\(pid)/stat", atMost: 4096).flatMap(Self.init)
    }

    init?(_ bytes: [UInt8]) {
        // The name in brackets may hold anything; behind it stand fields 3 and on.
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
            let session = Int32(fields[3]), let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let childrenUser = UInt64(fields[13]),
            let childrenSystem = UInt64(fields[14]), let startTime = UInt64(fields[19])
        else { return nil }
        self.parent = parent
        self.group = group
        self.session = session
        time = user &+ system &+ childrenUser &+ childrenSystem
        self.startTime = startTime
        isZombie = fields[0] == "Z"
    }
}

/// The processor time of a process.
public enum ProcessTime {
    /// Nanoseconds in all its threads and in children that ended and were waited for; nil where there is no such process.
    ///
    /// Counted in clock ticks (10 ms).
    public static func of(_ pid: Int32) -> UInt64? {
        guard let ticks = ProcessStatus.of(pid)?.time else { return nil }
        return ticks &* UInt64(1_000_000_000 / max(1, sysconf(Int32(_SC_CLK_TCK))))
    }
}
