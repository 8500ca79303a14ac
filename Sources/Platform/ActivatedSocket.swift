internal import CPlatform
internal import Glibc

/// A descriptor that the service manager opened and passed when it started this process (sd_listen_fds); each part can be
/// taken for itself.
@frozen
public struct ActivatedSocket: ~Copyable {
    public let descriptor: FileDescriptor
    /// From `LISTEN_FDNAMES`; the unit's name where nothing else was said, empty where nothing was.
    public let name: String
    /// Where it listens; nil for what is no listening TCP socket.
    public let address: SocketAddress?

    /// The first descriptor that is passed.
    static let first: Int32 = 3

    /// Those that were passed to this process, in order. Only the first call answers any: the variables are removed, so
    /// that what this process starts or becomes does not take them for its own. On the main thread, before any other.
    public static func takeAll(_ body: (consuming ActivatedSocket) -> Void) {
        let variables = ActivationVariables(
            count: CurrentProcess.variable("LISTEN_FDS"), pid: CurrentProcess.variable("LISTEN_PID"),
            names: CurrentProcess.variable("LISTEN_FDNAMES"))
        for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { unsafe unsetenv(name) }
        for (index, name) in variables.names(for: CurrentProcess.pid).enumerated() {
            let number = first + Int32(index)
            let kind = hostelry_take_listener(number)
            // Announced and not there.
            guard kind >= 0 else { continue }
            let descriptor = FileDescriptor(owning: number)
            let address = kind == 1 ? try? descriptor.localAddress() : nil
            body(ActivatedSocket(descriptor: descriptor, name: name, address: address))
        }
    }
}

/// What the variables say of passed descriptors.
struct ActivationVariables {
    let count: String?
    let pid: String?
    let names: String?

    /// More than a process may have open are a mistake.
    private static let limit = 1 << 16

    /// A name for each passed descriptor; none where they are meant for another process.
    func names(for process: Int32) -> [String] {
        guard let pid, Int32(pid) == process, let count = count.flatMap({ Int($0) }), (1...Self.limit).contains(count)
        else { return [] }
        let given = (names ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return (0..<count).map { $0 < given.count ? given[$0] : "" }
    }
}
