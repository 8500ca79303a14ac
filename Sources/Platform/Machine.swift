internal import Glibc

/// What this machine has.
public enum Machine {
    /// Those that this process may run on.
    public static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Memory nodes (NUMA); 1 where the kernel does not tell.
    public static var memoryNodes: Int {
        guard let bytes = ProcessFile.read("/sys/devices/system/node/online") else { return 1 }
        return max(1, count(String(decoding: bytes, as: UTF8.self)))
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
