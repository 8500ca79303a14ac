public import Platform
import Synchronization

/// A regular file that a loop and its other threads read: open already, or opened when it is first needed.
public final class OpenFile: Sendable {
    /// Nil while whoever sends it has it, and before it is opened.
    private let descriptor: Mutex<FileDescriptor?>
    /// Where it lies, in which state; nil for what is known by its descriptor alone.
    let place: FilePlace?

    public init(_ descriptor: consuming FileDescriptor, at place: FilePlace? = nil) {
        self.descriptor = Mutex(descriptor)
        self.place = place
    }

    /// Opened when it is read or handed over; it can be neither once it is in another state.
    public init(_ place: FilePlace) {
        descriptor = Mutex(nil)
        self.place = place
    }

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
            if descriptor == nil {
                guard waiting else { return place == nil ? .failed : .mustWait }
                descriptor = place?.open()
            }
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

    /// Lets go of the file, which is opened again when it is read; where `waitsToClose`, only on another thread.
    public func close() { descriptor.withLock { $0 = nil } }

    /// Whether closing it may wait, as its file system asks another program or computer.
    public var waitsToClose: Bool { place?.isRemote ?? false }

    /// What the file is like now; nil while it is not open.
    public func information() -> FileInformation? {
        descriptor.withLock { descriptor in
            descriptor == nil ? nil : try? FileInformation.of(descriptor!)  // Not nil here.
        }
    }

    /// Gives the file to `taker`, which answers it where it is not taken; true when it is.
    func handOver(_ taker: (consuming FileDescriptor) -> FileDescriptor?) -> Bool {
        guard !waitsToClose else { return false }
        return descriptor.withLock { descriptor in
            if descriptor == nil { descriptor = place?.open(waiting: false) }
            guard let file = descriptor.take() else { return false }
            descriptor = taker(file)
            return descriptor == nil
        }
    }
}

/// Where a regular file lies, and the state in which it is meant.
public struct FilePlace: Sendable {
    public let root: SystemPath
    /// Below `root`.
    public let path: SystemPath
    public let stamp: FileStamp
    /// Whether every call about it may wait, because its file system asks another program or computer.
    public let isRemote: Bool

    public init(_ path: SystemPath, beneath root: SystemPath, _ stamp: FileStamp, isRemote: Bool = false) {
        self.isRemote = isRemote
        self.path = path
        self.root = root
        self.stamp = stamp
    }

    /// Nil where it cannot be opened, or is in another state; with `waiting` false also where the way there is not in
    /// memory.
    func open(waiting: Bool = true) -> FileDescriptor? {
        guard let descriptor = try? FileDescriptor.open(path, beneath: root, waiting: waiting),
            let information = try? FileInformation.of(descriptor), information.stamp == stamp
        else { return nil }
        return descriptor
    }
}
