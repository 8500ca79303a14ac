internal import CPlatform
internal import Glibc

/// A pipe for what a process prints; each end can be taken for itself, and both are closed on exec.
@frozen
public struct OutputPipe: ~Copyable {
    /// Reading never waits.
    public let reading: FileDescriptor
    /// Writing waits, as programs expect of what they print to.
    public let writing: FileDescriptor

    public static func make() throws(SystemError) -> OutputPipe {
        var reading: Int32 = -1
        var writing: Int32 = -1
        guard unsafe hostelry_make_output_pipe(&reading, &writing) == 0 else { throw SystemError("pipe2") }
        return OutputPipe(reading: FileDescriptor(owning: reading), writing: FileDescriptor(owning: writing))
    }
}

extension FileDescriptor {
    /// What is in a pipe.
    public enum Arrival: Equatable, Sendable {
        case bytes([UInt8])
        /// Nothing, as yet.
        case nothing
        /// Nothing, and nobody is left to write.
        case end
    }

    /// Takes up to `count` bytes out of a pipe that never makes its reader wait.
    public borrowing func takeArrived(atMost count: Int) throws(SystemError) -> Arrival {
        let number = self.number
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var result = 0
            repeat {
                result = unsafe Glibc.read(number, buffer.baseAddress, count)
                failure = result < 0 ? errno : 0
            } while failure == EINTR
            initialized = max(0, result)
        }
        switch failure {
        case 0: return bytes.isEmpty ? .end : .bytes(bytes)
        case EAGAIN: return .nothing
        default: throw SystemError("read", code: failure)
        }
    }
}
