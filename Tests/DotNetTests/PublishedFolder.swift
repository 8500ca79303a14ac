import TestSupport

/// A folder as `dotnet publish` leaves one, as far as files tell, and a folder as .NET is installed in.
enum PublishedFolder {
    /// The shortest that is a .NET assembly (ECMA-335 II.25): PE headers, one section at 0x200, the CLR header in it.
    static func assembly(machine: UInt16 = 0x14C, flags: UInt8 = 1) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x400)
        func put(_ value: UInt32, at offset: Int, bytes count: Int = 4) {
            for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
        }
        put(0x5A4D, at: 0, bytes: 2)
        put(0x80, at: 0x3C)
        put(0x4550, at: 0x80)
        put(UInt32(machine), at: 0x84, bytes: 2)
        put(1, at: 0x86, bytes: 2)
        put(224, at: 0x94, bytes: 2)
        put(0x10B, at: 0x98, bytes: 2)
        put(16, at: 0x98 + 92)
        put(0x2000, at: 0x98 + 96 + 14 * 8)
        let section = 0x98 + 224
        put(0x200, at: section + 8)
        put(0x2000, at: section + 12)
        put(0x200, at: section + 16)
        put(0x200, at: section + 20)
        put(UInt32(flags), at: 0x210)
        return bytes
    }

    /// A Windows program without a CLR header.
    static func windowsProgram() -> [UInt8] {
        var bytes = assembly(machine: 0x8664)
        for index in 0..<8 { bytes[0x98 + 96 + 14 * 8 + index] = 0 }
        return bytes
    }

    /// An ELF header for a machine (62 is x64), and as many bytes as a start program has.
    static func linuxProgram(machine: UInt8 = 62, size: Int = 64 << 10) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        bytes[18] = machine
        return bytes
    }

    static let signature: [UInt8] = [
        0x8B, 0x12, 0x02, 0xB9, 0x6A, 0x61, 0x20, 0x38, 0x72, 0x7B, 0x93, 0x02, 0x14, 0xD7, 0xA0, 0x32,
        0x13, 0xF5, 0xB9, 0xE6, 0xEF, 0xAE, 0x33, 0x18, 0xEE, 0x3B, 0x2D, 0xCE, 0x24, 0xB3, 0x6A, 0xAE,
    ]

    /// The program with the mark at `place`, which says that the bundle's header is at `header`.
    static func bundled(_ program: [UInt8], at place: Int, header: UInt64) -> [UInt8] {
        var bytes = program
        for index in 0..<8 { bytes[place - 8 + index] = UInt8(truncatingIfNeeded: header >> (8 * UInt64(index))) }
        bytes.replaceSubrange(place..<place + signature.count, with: signature)
        return bytes
    }

    static func configuration(_ version: String, _ extra: String = "", framework: String = "Microsoft.AspNetCore.App")
        -> String
    {
        """
        {"runtimeOptions": {"tfm": "net\(version.prefix { $0 != "." }).0", \(extra)
          "frameworks": [
            {"name": "Microsoft.NETCore.App", "version": "\(version)"}, {"name": "\(framework)", "version": "\(version)"}]}}
        """
    }

    /// A portable application `name` that wants ASP.NET Core `version`.
    static func write(_ name: String, _ version: String, in folder: TemporaryFolder, _ extra: String = "") throws {
        try folder.write("\(name).runtimeconfig.json", configuration(version, extra))
        try folder.write("\(name).dll", assembly())
    }

    /// `dotnet` with a host and frameworks of these versions, below `place`. Those of ASP.NET Core want the same of .NET.
    static func install(
        _ versions: [String], in folder: TemporaryFolder, at place: String = ".", machine: UInt8 = 62
    ) throws {
        let (core, web) = ("\(place)/shared/Microsoft.NETCore.App", "\(place)/shared/Microsoft.AspNetCore.App")
        for path in [place, "\(place)/host", "\(place)/host/fxr", "\(place)/shared", core, web] {
            folder.makeFolder(path)
        }
        try folder.write("\(place)/dotnet", linuxProgram(machine: machine, size: 100))
        for version in versions {
            for path in ["\(place)/host/fxr/\(version)", "\(core)/\(version)", "\(web)/\(version)"] {
                folder.makeFolder(path)
            }
            try folder.write(
                "\(web)/\(version)/Microsoft.AspNetCore.App.runtimeconfig.json",
                """
                {"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "\(version)"}}}
                """)
        }
    }
}
