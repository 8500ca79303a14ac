internal import Glibc

/// A TCP socket of this machine that listens, whoever has it.
public struct ObservedListener: Hashable, Sendable {
    /// Nil for every address.
    public let address: InternetAddress?
    /// Whether it is one of IPv6, which takes connections of IPv4 too unless it was told not to.
    public let isV6: Bool
    /// Whether it was told to take none of IPv4; false where that is not known.
    public let isV6Only: Bool
    public let port: UInt16
    /// Whose it is.
    public let user: UInt32
    /// The kernel's number of it.
    public let inode: UInt64

    public init(
        address: InternetAddress?, isV6: Bool, isV6Only: Bool = false, port: UInt16, user: UInt32, inode: UInt64
    ) {
        self.address = address
        self.isV6 = isV6
        self.isV6Only = isV6Only
        self.port = port
        self.user = user
        self.inode = inode
    }

    /// Some 200,000 sockets, at 150 bytes each. Unit: bytes.
    private static let longestTable = 32 << 20

    /// All that the kernel tells; nil where it does not.
    public static func all() -> [ObservedListener]? {
        guard let four = KernelText.bytes("/proc/net/tcp", atMost: longestTable) else { return nil }
        return read(four, isV6: false)
            + read(KernelText.bytes("/proc/net/tcp6", atMost: longestTable) ?? [], isV6: true)
    }

    /// Of the kernel's table (proc(5)): number, address, other end, state, queues, timer, retransmissions, user, timeout,
    /// inode.
    package static func read(_ table: [UInt8], isV6: Bool) -> [ObservedListener] {
        table.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
            guard fields.count > 9, fields[3].elementsEqual("0A".utf8),
                let user = UInt32(String(decoding: fields[7], as: UTF8.self)),
                let inode = UInt64(String(decoding: fields[9], as: UTF8.self))
            else { return nil }
            let place = fields[1].split(separator: UInt8(ascii: ":"))
            guard place.count == 2, let port = UInt16(String(decoding: place[1], as: UTF8.self), radix: 16),
                place[0].count == (isV6 ? 32 : 8)
            else { return nil }
            let words = stride(from: place[0].startIndex, to: place[0].endIndex, by: 8).compactMap { start in
                UInt32(String(decoding: place[0][start..<start + 8], as: UTF8.self), radix: 16).map(\.byteSwapped)
            }
            guard words.count == (isV6 ? 4 : 1) else { return nil }
            return ObservedListener(
                address: address(words), isV6: isV6, port: port, user: user, inode: inode)
        }
    }

    /// Words whose first byte is the highest. An address of IPv4 that is written as one of IPv6 is one of IPv4.
    static func address(_ words: [UInt32]) -> InternetAddress? {
        guard words.contains(where: { $0 != 0 }) else { return nil }
        guard words.count == 4 else { return .v4(words[0]) }
        if words[0] == 0, words[1] == 0, words[2] == 0xFFFF { return .v4(words[3]) }
        return .v6(
            high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
    }

    /// Which processes have the sockets open, by inode; those of other users are seen by root alone. Of several that have
    /// one, the first of `pids`; without those all processes are looked at.
    public static func holders(of inodes: Set<UInt64>, among pids: [Int32]? = nil) -> [UInt64: Int32] {
        guard !inodes.isEmpty else { return [:] }
        var holders: [UInt64: Int32] = [:]
        for pid in pids ?? ((try? Folder.names(in: "/proc")) ?? []).compactMap({ Int32($0) }).sorted() {
            for number in (try? Folder.names(in: "/proc/\(pid)/fd")) ?? [] {
                guard let link = KernelText.link("/proc/\(pid)/fd/\(number)"), link.hasPrefix("socket:[") else {
                    continue
                }
                guard let inode = UInt64(link.dropFirst(8).dropLast()), inodes.contains(inode),
                    holders[inode] == nil
                else { continue }
                holders[inode] = pid
            }
        }
        return holders
    }
}
