internal import Glibc

/// What this machine has.
public enum Machine {
    /// Those that this process may run on.
    public static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Memory nodes (NUMA); 1 where the kernel does not tell.
    public static var memoryNodes: Int {
        guard let text = KernelText.text("/sys/devices/system/node/online") else { return 1 }
        return max(1, count(text))
    }

    /// The bytes of memory that there are, and those that programs were promised (they may exceed them); nil where the
    /// kernel does not tell.
    public static var memory: (physical: UInt64, committed: UInt64)? {
        KernelText.text("/proc/meminfo").flatMap { memory($0) }
    }

    /// `MemTotal:  16384 kB` and others.
    static func memory(_ text: String) -> (physical: UInt64, committed: UInt64)? {
        func bytes(_ name: String) -> UInt64? {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 << 10 }
        }
        guard let physical = bytes("MemTotal"), let committed = bytes("Committed_AS") else { return nil }
        return (physical, committed)
    }

    /// How many numbers a list of the kernel's names, for example `0-3,8`.
    static func count(_ list: String) -> Int {
        list.split { $0 == "," || $0.isWhitespace }.reduce(0) { sum, part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, last >= first else { return sum }
            return sum + last - first + 1
        }
    }
}
