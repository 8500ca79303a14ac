import Glibc
import Platform
import TestSupport
import Testing

@Suite struct ExecutableImageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func image(_ bytes: [UInt8]) throws -> ExecutableImage {
        try folder.write("image", bytes)
        return try ExecutableImage.read(folder["image"])
    }

    private func elf(_ fileClass: UInt8, _ order: UInt8, _ machine: UInt16) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, fileClass, order])
        bytes.put16(machine, at: 18)
        return bytes
    }

    @Test(
        arguments: [
            (2, 1, 62, ExecutableImage.Architecture.x64), (1, 1, 3, .x86), (2, 1, 183, .arm64),
            // Big-endian ARM, x32 (32-bit addresses on an x64 processor), 32-bit ARM, RISC-V.
            (2, 2, 183, .unknown), (1, 1, 62, .unknown), (1, 1, 40, .unknown), (2, 1, 243, .unknown),
        ] as [(UInt8, UInt8, UInt16, ExecutableImage.Architecture)])
    func anELFFileIsToldByClassAndMachine(
        fileClass: UInt8, order: UInt8, machine: UInt16, architecture: ExecutableImage.Architecture
    ) throws {
        let expected = ExecutableImage(format: .elf, architecture: architecture)
        #expect(try image(elf(fileClass, order, machine)) == expected)
    }

    @Test(
        arguments: [
            // Any CPU, x86 only, any CPU preferring 32 bits, mixed with x86 machine code.
            (0x014C, false, 0x1, ExecutableImage.Architecture.any), (0x014C, false, 0x3, .x86),
            (0x014C, false, 0x20003, .any), (0x014C, false, 0x10, .x86),
            (0x8664, true, 0x1, .x64), (0xAA64, true, 0x1, .arm64), (0x01C4, false, 0x1, .unknown),
            // Compiled ahead of time for Linux: 0x8664 ^ 0x7B79, 0xAA64 ^ 0x7B79; for macOS on ARM: 0xAA64 ^ 0x4644.
            (0xFD1D, true, 0x4, .x64), (0xD11D, true, 0x4, .arm64), (0xEC20, true, 0x4, .arm64),
        ] as [(UInt16, Bool, UInt32, ExecutableImage.Architecture)])
    func anAssemblyIsToldByMachineAndFlags(
        machine: UInt16, is64Bit: Bool, flags: UInt32, architecture: ExecutableImage.Architecture
    ) throws {
        let bytes = portableExecutable(machine: machine, is64Bit: is64Bit, flags: flags)
        #expect(try image(bytes) == ExecutableImage(format: .managed, architecture: architecture))
    }

    @Test func aWindowsProgramWithoutTheManagedDirectoryIsNative() throws {
        let bytes = portableExecutable(machine: 0x8664, is64Bit: true, flags: nil)
        #expect(try image(bytes) == ExecutableImage(format: .windows, architecture: .x64))
    }

    @Test func everyTruncationOfAnAssemblyIsReadWithoutHarm() throws {
        let whole = portableExecutable(machine: 0x014C, is64Bit: false, flags: 1)
        for length in 0..<whole.count {
            let image = try image(Array(whole.prefix(length)))
            #expect(image.architecture != .any)
        }
    }

    @Test func offsetsThatLeadOutsideTheFileAreNotFollowed() throws {
        var bytes = portableExecutable(machine: 0x014C, is64Bit: false, flags: 1)
        let managed = ExecutableImage(format: .managed, architecture: .unknown)
        bytes.put32(0xFFFF_FFFF, at: sectionTable + 20)
        #expect(try image(bytes) == managed)
        bytes.put32(0xFFFF_FFFF, at: directories32 + 14 * 8)
        #expect(try image(bytes) == managed)
        bytes.put32(0xFFFF_FFF0, at: 0x3C)
        #expect(try image(bytes) == ExecutableImage(format: .other, architecture: .unknown))
    }

    @Test func aTextIsNoImage() throws {
        let other = ExecutableImage(format: .other, architecture: .unknown)
        #expect(try image(Array("#!/bin/sh\n".utf8)) == other)
        #expect(try image([]) == other)
        #expect(
            try image(Array("MZ is how some texts begin, and then there are more than sixty-four bytes".utf8)) == other)
    }

    @Test func aFolderOrADeviceIsRefused() {
        #expect(throws: FileError(folder.path, .notRegular)) { try ExecutableImage.read(folder.path) }
        #expect(throws: FileError("/dev/zero", .notRegular)) { try ExecutableImage.read("/dev/zero") }
    }

    private static let published = "../shared/dotnet/published"

    @Test(
        .enabled(if: (try? FileStamp.of(published)) ?? nil != nil, "the published applications are not here"),
        arguments: [
            ("web/Stock.Web.dll", ExecutableImage.Format.managed, ExecutableImage.Architecture.any),
            ("web-x86/Stock.Web.dll", .managed, .x86), ("web-linux-x64/Stock.Web.dll", .managed, .x64),
            ("web-linux-x64/Stock.Web", .elf, .x64), ("web-win-x64/Stock.Web.exe", .windows, .x64),
            ("web-win-x64/Stock.Web.dll", .managed, .x64), ("web/web.config", .other, .unknown),
        ] as [(String, ExecutableImage.Format, ExecutableImage.Architecture)])
    func whatTheSDKPublishesIsRecognised(
        file: String, format: ExecutableImage.Format, architecture: ExecutableImage.Architecture
    ) throws {
        let image = try ExecutableImage.read("\(Self.published)/\(file)")
        #expect(image == ExecutableImage(format: format, architecture: architecture))
    }

    private let sectionTable = 0x80 + 24 + 224
    private let directories32 = 0x80 + 24 + 96

    /// The smallest PE file with one section that holds the CLR header at 0x2008 of the image, 0x208 of the file.
    private func portableExecutable(machine: UInt16, is64Bit: Bool, flags: UInt32?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x208 + 20)
        bytes.replaceSubrange(0..<2, with: [0x4D, 0x5A])
        bytes.put32(0x80, at: 0x3C)
        bytes.replaceSubrange(0x80..<0x82, with: [0x50, 0x45])
        bytes.put16(machine, at: 0x84)
        bytes.put16(1, at: 0x86)
        let optionalSize = is64Bit ? 240 : 224
        bytes.put16(UInt16(optionalSize), at: 0x94)
        bytes.put16(is64Bit ? 0x20B : 0x10B, at: 0x98)
        let directories = 0x98 + (is64Bit ? 112 : 96)
        bytes.put32(16, at: directories - 4)
        if let flags {
            bytes.put32(0x2008, at: directories + 14 * 8)
            bytes.put32(72, at: directories + 14 * 8 + 4)
            bytes.put32(flags, at: 0x208 + 16)
        }
        let section = 0x98 + optionalSize
        bytes.put32(0x1000, at: section + 8)
        bytes.put32(0x2000, at: section + 12)
        bytes.put32(0x200, at: section + 16)
        bytes.put32(0x200, at: section + 20)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func put16(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value)
        self[offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
    }

    fileprivate mutating func put32(_ value: UInt32, at offset: Int) {
        put16(UInt16(truncatingIfNeeded: value), at: offset)
        put16(UInt16(truncatingIfNeeded: value >> 16), at: offset + 2)
    }
}
