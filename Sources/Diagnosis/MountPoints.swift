internal import Glibc
internal import Platform

/// File systems of other machines and programs, which may never answer.
enum MountPoints {
    /// By their names in /proc/mounts.
    private static let remote: Set = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "coda", "lustre", "gfs2", "ocfs2", "beegfs",
        "gpfs",
        "glusterfs", "davfs", "autofs",
    ]

    /// Where they are mounted.
    static func remote(in table: String) -> [String] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { return nil }
            let kind = String(fields[2])
            guard remote.contains(kind) || kind.hasPrefix("fuse") && kind != "fusectl" else { return nil }
            return unescaped(fields[1])
        }
    }

    /// Blanks and others stand there as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether `path` lies on what is mounted there.
    static func holds(_ point: String, _ path: String) -> Bool { path == point || path.hasPrefix("\(point)/") }

    /// Those that do not answer within `patience` each; after ten of them nobody is asked any more.
    static func silent(patience: Duration) -> [String] {
        let all = remote(in: KernelText.text("/proc/self/mounts") ?? "")
        guard !all.isEmpty else { return [] }
        var silent: [String] = []
        for point in all {
            // What the kernel remembers is no answer: the folder is opened, and a name looked for that it does not know.
            let answer = try? BoundedCall.run(limit: patience) { () -> Bool in
                guard let folder = try? FileDescriptor.open(point, O_RDONLY | O_DIRECTORY | O_NONBLOCK) else {
                    return false
                }
                return folder.number >= 0 && !FileFacts.mayRead("\(point)/.hostelry-doctor", folder: false)
            }
            if answer == nil { silent.append(point) }
            if silent.count == 10 { break }
        }
        return silent
    }
}
