import Glibc

/// What a program or library file is made for: read from the ELF or PE headers, never by running it.
///
/// At most a few kilobytes are read, and no number in the file is trusted: what does not add up is `unknown`.
public struct ExecutableImage: Equatable, Sendable {
    public enum Format: Equatable, Sendable {
        /// A Linux program or library.
        case elf
        /// A Windows program or library with machine code only.
        case windows
        /// A .NET assembly (which is a PE file on every system).
        case managed
        /// None of these: a script, a text, an empty file.
        case other
    }

    public enum Architecture: Equatable, Sendable {
        case x64, x86, arm64
        /// A managed assembly that runs wherever its runtime does.
        case any
        case unknown
    }

    public let format: Format
    public let architecture: Architecture

    public init(format: Format, architecture: Architecture) {
        self.format = format
        self.architecture = architecture
    }

    /// Reads the file that `path` leads to. Throws what `FileReader` throws for what is no regular file.
    public static func read(_ path: String) throws(FileError) -> ExecutableImage {
        guard try FileStamp.ofRegularFile(path) != nil else { throw FileError(path, .notRegular) }
        let file = try FileDescriptor.openForReading(path)
        guard try file.status(path).isRegularFile else { throw FileError(path, .notRegular) }
        let head = Header(try file.bytes(atMost: 64, path))
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return elf(head) }
        guard head.starts(with: [0x4D, 0x5A]), let start = head.integer32(at: 0x3C) else {
            return ExecutableImage(format: .other, architecture: .unknown)
        }
        return try PortableExecutable(file, path, at: Int(start))?.image
            ?? ExecutableImage(format: .other, architecture: .unknown)
    }

    /// ELF: class and byte order at 4 and 5, the machine at 18.
    private static func elf(_ head: Header) -> ExecutableImage {
        let architecture: Architecture =
            switch (head.byte(at: 4), head.byte(at: 5), head.integer16(at: 18)) {
            case (2, 1, 62): .x64
            case (1, 1, 3): .x86
            case (2, 1, 183): .arm64
            default: .unknown
            }
        return ExecutableImage(format: .elf, architecture: architecture)
    }
}

/// The parts of a PE file that say what it runs on (ECMA-335 II.25; the CLR header is II.25.3.3).
private struct PortableExecutable {
    private let machine: UInt16
    /// The CLR header's flags; nil in a file without one.
    private var managedFlags: UInt32?
    private var isManaged = false

    /// Nil where there is no PE signature at `start`.
    init?(_ file: borrowing FileDescriptor, _ path: String, at start: Int) throws(FileError) {
        let head = Header(try file.bytes(from: start, atMost: 24 + 240, path))
        guard head.starts(with: [0x50, 0x45, 0, 0]), let machine = head.integer16(at: 4),
            let sectionCount = head.integer16(at: 6), let optionalSize = head.integer16(at: 20)
        else { return nil }
        self.machine = machine
        guard let directory = Self.managedDirectory(head, optionalSize: Int(optionalSize)), directory != 0 else {
            return
        }
        isManaged = true
        let table = Header(
            try file.bytes(from: start + 24 + Int(optionalSize), atMost: min(Int(sectionCount), 96) * 40, path))
        guard let offset = Self.offset(of: Int(directory), in: table) else { return }
        managedFlags = Header(try file.bytes(from: offset, atMost: 20, path)).integer32(at: 16)
    }

    /// The address of the CLR header: the fifteenth data directory, at 96 in a 32-bit header and 112 in a 64-bit one.
    private static func managedDirectory(_ head: Header, optionalSize: Int) -> UInt32? {
        let directories: Int
        switch head.integer16(at: 24) {
        case 0x10B: directories = 96
        case 0x20B: directories = 112
        default: return nil
        }
        let entry = directories + 14 * 8
        guard entry + 8 <= optionalSize, let count = head.integer32(at: 24 + directories - 4), count > 14 else {
            return nil
        }
        return head.integer32(at: 24 + entry)
    }

    /// Where in the file the address `address` of the loaded image is.
    private static func offset(of address: Int, in table: Header) -> Int? {
        for start in stride(from: 0, to: table.count, by: 40) {
            guard let virtualSize = table.integer32(at: start + 8), let virtual = table.integer32(at: start + 12),
                let rawSize = table.integer32(at: start + 16), let raw = table.integer32(at: start + 20)
            else { return nil }
            let distance = address - Int(virtual)
            if distance >= 0, distance < max(Int(virtualSize), Int(rawSize)) { return Int(raw) + distance }
        }
        return nil
    }

    var image: ExecutableImage {
        guard isManaged else { return ExecutableImage(format: .windows, architecture: processor) }
        return ExecutableImage(format: .managed, architecture: managedArchitecture)
    }

    private var managedArchitecture: ExecutableImage.Architecture {
        guard let managedFlags else { return .unknown }
        guard processor == .x86 else { return processor }
        // COMIMAGE_FLAGS: ILONLY 1, 32BITREQUIRED 2, 32BITPREFERRED 0x20000 (which also sets 2).
        let requires32Bit = managedFlags & 2 != 0 && managedFlags & 0x20000 == 0
        return managedFlags & 1 == 0 || requires32Bit ? .x86 : .any
    }

    /// Compiled ahead of time, an assembly's machine number is combined with its operating system's.
    private var processor: ExecutableImage.Architecture {
        for system: UInt16 in [0, linux, apple, freeBSD, netBSD, sunOS] {
            switch machine ^ system {
            case 0x014C: return .x86
            case 0x8664: return .x64
            case 0xAA64: return .arm64
            default: continue
            }
        }
        return .unknown
    }

    private var linux: UInt16 { 0x7B79 }
    private var apple: UInt16 { 0x4644 }
    private var freeBSD: UInt16 { 0xADC4 }
    private var netBSD: UInt16 { 0x1993 }
    private var sunOS: UInt16 { 0x1992 }
}

/// Little-endian numbers at offsets that may lie outside.
private struct Header {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func starts(with signature: [UInt8]) -> Bool { bytes.starts(with: signature) }

    func byte(at offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    func integer16(at offset: Int) -> UInt16? {
        guard let low = byte(at: offset), let high = byte(at: offset + 1) else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    func integer32(at offset: Int) -> UInt32? {
        guard let low = integer16(at: offset), let high = integer16(at: offset + 2) else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }
}
