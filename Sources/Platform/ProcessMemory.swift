internal import Glibc

/// How much memory a process has. Unit: bytes.
public struct ProcessMemory: Equatable, Sendable {
    /// In the machine's memory, shared pages included.
    public let resident: UInt64
    /// Of the process alone: in memory, or written out to swap.
    public let `private`: UInt64

    /// Nil where there is no such process.
    ///
    /// The kernel walks all pages for the private ones, some milliseconds for each gigabyte; `resident(of:)` is cheap.
    /// Where it does not let this user see them, what no file backs counts as private.
    public static func of(_ pid: Int32) -> ProcessMemory? {
        guard let pages = KernelText.bytes("/proc/\(pid)/statm", atMost: 4096) else { return nil }
        return ProcessMemory(pages: pages, rollup: KernelText.bytes("/proc/\(pid)/smaps_rollup", atMost: 4096))
    }

    /// Bytes in the machine's memory; nil where there is no such process. Without swap, `private` is never more.
    public static func resident(of pid: Int32) -> UInt64? {
        KernelText.bytes("/proc/\(pid)/statm", atMost: 4096).flatMap { ProcessMemory(pages: $0, rollup: nil)?.resident }
    }

    /// Of the files' bytes. A process that is ending has no `rollup` any more.
    init?(pages: [UInt8], rollup: [UInt8]?) {
        let counts = pages.split(separator: UInt8(ascii: " ")).map { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard counts.count > 2, let all = counts[1], let shared = counts[2] else { return nil }
        let pageSize = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        resident = all * pageSize
        `private` = rollup.flatMap(Self.privateBytes) ?? (all - min(all, shared)) * pageSize
    }

    private static func privateBytes(_ rollup: [UInt8]) -> UInt64? {
        var sum: UInt64?
        for line in rollup.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 3, ["Private_Clean:", "Private_Dirty:", "SwapPss:"].contains(words[0]),
                let kilobytes = UInt64(words[1])
            else { continue }
            sum = (sum ?? 0) + kilobytes * 1024
        }
        return sum
    }
}
