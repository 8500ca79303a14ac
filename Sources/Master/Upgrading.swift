import EventLoop
import Platform

/// Becomes the program that lies on disk now, at the end of a turn, when everything that was said in it is written.
final class Upgrading: TurnHandler {
    let program: OwnProgram
    private let lock: Int32
    private var sockets: [Int32] = []
    private var failed: ((String) -> Void)?

    /// - Parameter lock: the descriptor that holds the state folder's lock.
    init(_ program: OwnProgram, lock: Int32) {
        self.program = program
        self.lock = lock
    }

    /// `failed` hears why it could not be; where it could, nothing of this program is left.
    func become(keeping sockets: [Int32], on loop: EventLoop, failed: @escaping (String) -> Void) {
        self.sockets = sockets
        self.failed = failed
        loop.inNextTurn(self)
    }

    func turnEnded() {
        let failed = failed
        self.failed = nil
        do throws(SystemError) {
            try Succession(pid: CurrentProcess.pid, lock: lock, sockets: sockets)
                .become(program.path, arguments: program.arguments)
        } catch {
            failed?(error.description)
        }
    }
}
