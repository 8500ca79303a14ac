internal import CPlatform
internal import Glibc

extension HeldProcess {
    /// Some thousands of mappings. Unit: bytes.
    private static var longestMaps: Int { 1 << 20 }

    /// Asks the kernel to write the process's own memory out to swap; it comes back as it is used.
    ///
    /// Takes as long as the disk does. Nothing happens where the machine has no swap, or this process has no right
    /// (CAP_SYS_NICE). The program's text stays: to read it again would cost more than it is worth.
    public func pageOut() {
        guard let maps = KernelText.bytes("/proc/\(pid)/maps", atMost: Self.longestMaps) else { return }
        for range in MemoryMap.ownRanges(maps) {
            let result = hostelry_page_out(descriptorNumber, range.lowerBound, range.count)
            guard result == 0 || errno == EINVAL || errno == ENOMEM else { return }
        }
    }
}

/// What `/proc/PID/maps` says.
enum MemoryMap {
    /// Where the process may write and nobody else sees it: `5581-5592 rw-p 00000000 00:00 0   [heap]`.
    static func ownRanges(_ maps: [UInt8]) -> [Range<UInt>] {
        maps.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard words.count == 3, words[1].elementsEqual("rw-p".utf8) else { return nil }
            let ends = words[0].split(separator: UInt8(ascii: "-")).map {
                UInt(String(decoding: $0, as: UTF8.self), radix: 16)
            }
            guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
            return start..<end
        }
    }
}
