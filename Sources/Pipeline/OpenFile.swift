public import Platform
import Synchronization

/// An open regular file that a loop and its other threads read.
public final class OpenFile: Sendable {
    /// Nil while whoever sends it has it.
    private let descriptor: Mutex<FileDescriptor?>

    public init(_ descriptor: consuming FileDescriptor) { self.descriptor = Mutex(descriptor) }

    public enum Reading: Equatable, Sendable {
        case bytes(Int)
        /// The file ends before.
        case end
        /// What comes next is not in memory, or the file system does not say.
        case mustWait
        case failed
    }

    /// Appends up to `count` bytes from `offset` to `bytes`; with `waiting` false only what is in memory.
    public func read(_ count: Int, at offset: Int64, waiting: Bool, into bytes: inout [UInt8]) -> Reading {
        descriptor.withLock { descriptor in
            guard descriptor != nil else { return .failed }
            do throws(SystemError) {
                // Not nil here.
                let read = try descriptor!.read(count, at: offset, waiting: waiting, into: &bytes)
                return read > 0 ? .bytes(read) : .end
            } catch {
                return !waiting && error.mustWait ? .mustWait : .failed
            }
        }
    }

    /// What the file is like now.
    public func information() -> FileInformation? {
        descriptor.withLock { descriptor in
            descriptor == nil ? nil : try? FileInformation.of(descriptor!)  // Not nil here.
        }
    }

    /// Gives the file to `taker`, which answers it where it is not taken; true when it is.
    func handOver(_ taker: (consuming FileDescriptor) -> FileDescriptor?) -> Bool {
        descriptor.withLock { descriptor in
            guard let file = descriptor.take() else { return false }
            descriptor = taker(file)
            return descriptor == nil
        }
    }
}
