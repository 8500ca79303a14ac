internal import CPlatform

/// File systems that ask other programs or machines, which may change the content, and never answer.
public enum NetworkFileSystem {
    /// By the kernel's numbers (statfs(2)).
    private static let names: [UInt32: String] = [
        0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x517B: "SMB", 0x6573_5546: "FUSE", 0x0102_1997: "9P",
        0x00C3_6400: "Ceph", 0x5346_414F: "AFS", 0x6B41_4653: "AFS", 0x7375_7245: "Coda", 0x0BD0_0BD0: "Lustre",
        0x0116_1970: "GFS2",
        0x7461_636F: "OCFS2", 0x1983_0326: "BeeGFS", 0x4750_4653: "GPFS",
    ]

    /// The name of the one that `path` lies on; nil for one of this machine's own, and where nobody can tell.
    public static func name(at path: SystemPath) -> String? {
        names[unsafe path.withCString { path in unsafe hostelry_file_system_kind(path) }]
    }
}
