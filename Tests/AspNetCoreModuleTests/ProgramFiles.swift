import Glibc
import TestSupport

/// Bytes of programs as far as their headers go: nothing here can be run.
enum ProgramFiles {
    /// A Linux program, for x64 unless another machine's number is given (3: x86, 183: ARM).
    static func elf(machine: UInt16 = 62, is64Bit: Bool = true) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, is64Bit ? 2 : 1, 1])
        bytes.put(UInt32(machine), at: 18, bytes: 2)
        return bytes
    }

    /// A Windows program.
    static var windows: [UInt8] { portable(machine: 0x8664, flags: nil) }

    /// A .NET assembly: flags 1 for any processor, 3 for x86 alone.
    static func assembly(flags: UInt32 = 1) -> [UInt8] { portable(machine: 0x014C, flags: flags) }

    private static func portable(machine: UInt16, flags: UInt32?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let start = 0x80
        bytes.replaceSubrange(0..<2, with: [0x4D, 0x5A])
        bytes.put(UInt32(start), at: 0x3C)
        bytes.replaceSubrange(start..<start + 4, with: [0x50, 0x45, 0, 0])
        bytes.put(UInt32(machine), at: start + 4, bytes: 2)
        bytes.put(1, at: start + 6, bytes: 2)
        bytes.put(224, at: start + 20, bytes: 2)
        bytes.put(0x10B, at: start + 24, bytes: 2)
        bytes.put(16, at: start + 24 + 92)
        guard let flags else { return bytes }
        bytes.put(0x2000, at: start + 24 + 96 + 14 * 8)
        let section = start + 24 + 224
        for (offset, value) in [(8, 0x200), (12, 0x2000), (16, 0x200), (20, 0x200)] {
            bytes.put(UInt32(value), at: section + offset)
        }
        bytes.put(flags, at: 0x200 + 16)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func put(_ number: UInt32, at offset: Int, bytes: Int = 4) {
        for index in 0..<bytes { self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    }
}

extension TemporaryFolder {
    /// A file that this process may run.
    func writeProgram(_ name: String, _ bytes: [UInt8] = ProgramFiles.elf()) throws {
        try write(name, bytes)
        unsafe chmod(self[name], 0o755)
    }
}
