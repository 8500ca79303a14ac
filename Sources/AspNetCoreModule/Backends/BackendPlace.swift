import Platform

/// Where a process is told to listen, and who does.
struct BackendPlace: Sendable {
    let port: UInt16
    /// The Unix socket that was offered beside the port.
    let socketPath: String?

    struct Found: Sendable {
        var sight = BackendLife.Sight.nobody
        var address: BackendAddress?
        /// Who listens.
        var holder: Int32 = 0
    }

    /// The ports that an application may be told. IIS: 1025 to 48000.
    static let ports: ClosedRange<UInt16> = 1025...48000
    /// How many ports are tried.
    private static let tries = 10

    /// A port at which somebody may listen; nil where none was met.
    static func freePort() -> UInt16? {
        let question = try? ListenerQuestion()
        for _ in 0..<tries {
            let port = UInt16.random(in: ports)
            if listeners(port: port, question).isEmpty, canBeTaken(port) { return port }
        }
        return nil
    }

    /// Whether a listener gets the port. Connections that begin on this machine have ports too, for a minute after their
    /// end as well, and many of them lie between those that an application may be told.
    static func canBeTaken(_ port: UInt16) -> Bool {
        do throws(SystemError) {
            _ = try FileDescriptor.listening(at: .loopback(port: port))
            return true
        } catch {
            // EADDRINUSE; whatever else it is, the application shall say.
            return error.code != 98
        }
    }

    /// Nobody listens here, which costs two questions; nil where only `look` can tell.
    func isFree(_ question: borrowing ListenerQuestion) -> Bool? {
        guard let listeners = question.listeners(port: port) else { return nil }
        return listeners.isEmpty && (socketPath.map { question.listener(path: $0) == nil } ?? true)
    }

    /// Looks who listens, and whether it is one of the family. Reads the kernel's tables: on another thread.
    func look(_ family: ProcessFamily) -> Found {
        let question = try? ListenerQuestion()
        let listeners = Self.listeners(port: port, question).filter { Self.address(of: $0) != nil }
        var local: UInt64?
        if let socketPath, question != nil { local = question!.listener(path: socketPath) }  // There is one.
        guard !listeners.isEmpty || local != nil else { return Found() }
        let inodes = Set(listeners.map(\.inode) + [local].compactMap(\.self))
        // Most often it is the process itself, and then nobody has to be looked for among all of the machine's.
        var members = [family.leader.pid]
        var holders = ObservedListener.holders(of: inodes, among: members)
        if holders.isEmpty {
            members = Array(family.members().prefix(Self.memberLimit))
            holders = ObservedListener.holders(of: inodes, among: members)
        }
        if let local, let socketPath, let holder = holders[local] {
            return Found(sight: .own, address: .unix(socketPath), holder: holder)
        }
        for listener in listeners {
            guard let holder = holders[listener.inode] ?? Self.hiddenHolder(of: listener, in: members) else { continue }
            return Found(sight: .own, address: Self.address(of: listener).map(BackendAddress.tcp), holder: holder)
        }
        return Found(sight: .stranger)
    }

    /// How many processes of a family are asked for what they have open. IIS: 16 beside the first.
    private static let memberLimit = 256

    /// A process that lets nobody look at what it has open is believed to have what its user has.
    private static func hiddenHolder(of listener: ObservedListener, in members: [Int32]) -> Int32? {
        members.first { pid in
            (try? Folder.names(in: "/proc/\(pid)/fd")) == nil
                && RunningProcess.Identity.of(pid)?.user == listener.user
        }
    }

    private static func listeners(port: UInt16, _ question: borrowing ListenerQuestion?) -> [ObservedListener] {
        if question != nil, let found = question!.listeners(port: port) { return found }  // There is one.
        return (ObservedListener.all() ?? []).filter { $0.port == port }
    }

    /// The loopback address at which a listener is reached; nil for one that is not.
    static func address(of listener: ObservedListener) -> SocketAddress? {
        switch listener.address {
        case nil:
            listener.isV6Only
                ? SocketAddress(high: 0, low: 1, port: listener.port) : .loopback(port: listener.port)
        case .v4(let number)?:
            number >> 24 == 127
                ? SocketAddress(high: 0, low: 0xffff_0000_0000 | UInt64(number), port: listener.port) : nil
        case .v6(high: 0, low: 1)?: SocketAddress(high: 0, low: 1, port: listener.port)
        case .v6?: nil
        }
    }
}
