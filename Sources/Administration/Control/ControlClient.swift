import Glibc
public import Platform

/// A command's conversation with the master: asks and waits for the answer.
public final class ControlClient {
    /// How long the master may take to answer. Unit: milliseconds. Default: 60 s.
    private let patience: Int32
    /// A longer line is none of the master's: ten times the status of ten thousand sites. Unit: bytes.
    private static let maximumLine = 64 << 20

    private let stream: FileDescriptor
    /// The master's, as the kernel knows it.
    public let server: PeerCredentials
    private let identity: RunningProcess.Identity?
    private var received: [UInt8] = []
    private var position = 0

    /// Why there is no conversation, or no more.
    public enum Failure: Error, Equatable, Sendable {
        /// Nobody listens in the state folder.
        case notRunning
        /// The state folder is another user's.
        case denied
        /// The master ended the conversation.
        case ended
        case system(String)
    }

    public init(stateFolder: String, patience: Int32 = 60_000) throws(Failure) {
        self.patience = patience
        do throws(SystemError) {
            stream = try FileDescriptor.connected(
                in: stateFolder, named: ControlRequest.socketName, timeout: patience)
            server = try stream.peer()
            identity = RunningProcess.Identity.of(server.pid)
        } catch {
            throw switch error.code {
            case ENOENT, ENOTDIR, ECONNREFUSED: .notRunning
            case EACCES, EPERM: .denied
            default: .system(error.description)
            }
        }
    }

    /// Asks, and answers what the master said.
    public func ask(_ operation: ControlRequest.Operation) throws(Failure) -> ControlAnswer {
        do throws(SystemError) {
            try stream.sendAll(
                Array(ControlRequest(operation).line.utf8) + [UInt8(ascii: "\n")], timeout: patience)
        } catch {
            // A master that has refused already may have closed; what it said is still there.
            guard error.code == EPIPE || error.code == ECONNRESET else { throw .system(error.description) }
        }
        guard let answer = ControlAnswer(line: try line(timeout: patience)) else {
            throw .system("the server answers what is no answer")
        }
        return answer
    }

    /// The next line, without its end, waited for at most `timeout` milliseconds (-1: for ever).
    public func line(timeout: Int32 = -1) throws(Failure) -> [UInt8] {
        while true {
            if let end = received[position...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return Array(received[position..<end])
            }
            received.removeFirst(position)
            position = 0
            guard received.count <= Self.maximumLine else { throw .system("the server's answer does not end") }
            guard stream.waitForInput(timeout: timeout) else {
                throw .system("the server does not answer within \(timeout / 1000) s")
            }
            do throws(SystemError) {
                guard try stream.receive(into: &received) else { throw SystemError("recv", code: ECONNRESET) }
            } catch {
                if error.code == EAGAIN { continue }
                throw error.code == ECONNRESET ? .ended : .system(error.description)
            }
        }
    }

    /// Waits until the master's process has ended.
    public func waitForEnd() throws(Failure) {
        do throws(SystemError) {
            guard let identity, let process = try RunningProcess.find(identity) else { return }
            _ = process.waitForEnd(timeout: -1)
        } catch {
            throw .system(error.description)
        }
    }
}
