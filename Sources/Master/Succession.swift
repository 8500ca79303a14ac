import Platform
import Wire

/// What a master leaves to the program that it becomes when it is upgraded in place: the lock of its state folder and the
/// listening sockets, open under their numbers, which a variable of the environment names.
///
///     HOSTELRY_SUCCESSION="PID LOCK SOCKET,SOCKET,…"
///
/// The process stays the same, so its children stay its children. Everything else the successor finds as any next master
/// would: control sockets close when the program ends, and the roles wait for it.
struct Succession: Equatable, Sendable {
    private static let variable = "HOSTELRY_SUCCESSION"

    let pid: Int32
    let lock: Int32
    let sockets: [Int32]

    init(pid: Int32, lock: Int32, sockets: [Int32]) {
        self.pid = pid
        self.lock = lock
        self.sockets = sockets
    }

    var text: String { "\(pid) \(lock) \(sockets.map(String.init).joined(separator: ","))" }

    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let pid = Int32(words[0]), let lock = Int32(words[1]) else { return nil }
        let sockets = words[2].split(separator: ",").map { Int32($0) }
        guard !sockets.contains(nil) else { return nil }
        self.init(pid: pid, lock: lock, sockets: sockets.compactMap(\.self))
    }

    /// What was left to this program; nil where it began like any other. Asked once, before anything is opened.
    static func left() -> Succession? {
        guard let text = CurrentProcess.variable(variable) else { return nil }
        CurrentProcess.removeVariable(variable)
        // A child of a master may have inherited the words; what they say is about another process then.
        guard let succession = Succession(text), succession.pid == CurrentProcess.pid else { return nil }
        return succession
    }

    /// The sockets that were left, where they listen.
    func takeSockets() -> [Endpoint: ListeningSocket] {
        var taken: [Endpoint: ListeningSocket] = [:]
        for number in sockets {
            guard let descriptor = CurrentProcess.kept(number) else { continue }
            let socket = ListeningSocket(descriptor)
            if let endpoint = socket.endpoint { taken[endpoint] = socket }
        }
        return taken
    }

    /// Becomes the program at `path`. Returns only by throwing, and then nothing has changed.
    func become(_ path: String, arguments: [String]) throws(SystemError) {
        try CurrentProcess.become(
            path, arguments: arguments, variable: (Self.variable, text), keeping: [lock] + sockets)
    }
}
