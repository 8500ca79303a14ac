internal import Platform
internal import Synchronization

/// An open file that a worker handed over.
///
/// The file may lie anywhere: on a disk, or on a server that never answers again. Where the file system does not tell
/// what it has in memory, every look at the file and its closing may wait, and are done on a file thread.
final class HandedFile: Sendable {
    /// Whether the file system tells what can be had at once.
    let tellsResidency: Bool
    /// Nil when it is closed.
    private let descriptor: Mutex<FileDescriptor?>

    /// Nil for what is no regular file; `rejected` has the descriptor then, whose closing may wait too.
    init?(_ descriptor: consuming FileDescriptor, rejected: inout DescriptorQueue) {
        guard descriptor.isRegularFile() else {
            rejected.append(descriptor)
            return nil
        }
        tellsResidency = descriptor.residency(at: 0) != .unknown
        self.descriptor = Mutex(descriptor)
    }

    /// Whether all of a piece can be had at once, as far as its ends tell.
    func isInMemory(at offset: Int64, count: Int) -> Bool {
        guard tellsResidency else { return false }
        return descriptor.withLock { descriptor in
            guard descriptor != nil else { return false }
            return descriptor!.residency(at: offset) == .inMemory  // Not nil here.
                && descriptor!.residency(at: offset + Int64(count) - 1) == .inMemory
        }
    }

    /// `.end` where the file ends before, or is closed.
    func send(to socket: borrowing FileDescriptor, at offset: Int64, count: Int) throws(SystemError) -> Transfer {
        try descriptor.withLock { (descriptor) throws(SystemError) -> Transfer in
            guard descriptor != nil else { return .end }
            return try socket.send(file: descriptor!, at: offset, count: count)  // Not nil here.
        }
    }

    /// Reads up to `count` bytes, waiting for them; empty where there are none.
    func read(_ count: Int, at offset: Int64) -> [UInt8] {
        descriptor.withLock { descriptor in
            var bytes: [UInt8] = []
            guard descriptor != nil else { return bytes }
            _ = try? descriptor!.read(count, at: offset, into: &bytes)  // Not nil here.
            return bytes
        }
    }

    /// Closes the file where that waits for nothing: answers whether it did. A thread may be reading, and the last
    /// closing of a large file that was removed frees all of it.
    func closeAtOnce() -> Bool {
        guard tellsResidency else { return false }
        return descriptor.withLockIfAvailable { descriptor in
            guard descriptor == nil || descriptor!.hasName() else { return false }  // Not nil behind the `||`.
            descriptor = nil
            return true
        } ?? false
    }

    /// May wait.
    func close() { descriptor.withLock { $0 = nil } }
}
