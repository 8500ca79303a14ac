/// What /proc says of a process, whoever started it. Nil is what cannot be seen.
public struct ObservedProcess: Sendable {
    public let pid: Int32

    public init(_ pid: Int32) { self.pid = pid }

    /// As tools show it, up to 15 bytes.
    public var name: String? {
        KernelText.text("/proc/\(pid)/comm").map { String($0.prefix { $0 != "\n" }) }
    }

    /// The program's file, and whether another one lies there now or none.
    public var program: (path: String, isReplaced: Bool)? {
        guard let link = KernelText.link("/proc/\(pid)/exe") else { return nil }
        let mark = " (deleted)"
        return link.hasSuffix(mark) ? (String(link.dropLast(mark.count)), true) : (link, false)
    }

    /// The words that it was started with, the program's name first.
    public var arguments: [String]? {
        KernelText.bytes("/proc/\(pid)/cmdline").map { bytes in
            bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    /// The process that started it, or took it over; nil where it is not seen.
    public var parent: Int32? { ProcessStatus.of(pid)?.parent }

    /// Its variables, each as `NAME=VALUE`.
    public var environment: [(name: String, value: String)]? {
        KernelText.bytes("/proc/\(pid)/environ").map { bytes in
            bytes.split(separator: 0).compactMap { text in
                let parts = String(decoding: text, as: UTF8.self).split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }
        }
    }

    public var workingFolder: String? { KernelText.link("/proc/\(pid)/cwd") }

    /// How many files it may have open: what it may raise its limit to.
    public var openFilesLimit: UInt64? {
        let line = KernelText.text("/proc/\(pid)/limits")?.split(separator: "\n").first {
            $0.hasPrefix("Max open files")
        }
        guard let fields = line?.split(separator: " "), fields.count >= 5 else { return nil }
        return fields[4] == "unlimited" ? .max : UInt64(fields[4])
    }

    /// Its control group of version 2, for example `/system.slice/hostelry.service`.
    public var controlGroup: String? {
        KernelText.text("/proc/\(pid)/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }.map {
            String($0.dropFirst(3))
        }
    }

    /// The service of systemd that it belongs to, for example `nginx.service`.
    public var service: String? { controlGroup.flatMap { Self.service(ofGroup: $0) } }

    /// The innermost service on the way to a control group.
    package static func service(ofGroup path: String) -> String? {
        path.split(separator: "/").last { $0.hasSuffix(".service") }.map(String.init)
    }
}
