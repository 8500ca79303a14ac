import CPlatform
import Glibc

/// The right to write a document, held by one process at a time: an `flock` on `.NAME.lock` beside it.
///
/// The file exists only while somebody holds it or waits. Whoever got the lock on a file that its owner has removed since
/// starts again, so two processes never hold it through two files. A killed owner's lock ends with it.
final class DocumentLock {
    private let folder: FileDescriptor
    private let file: FileDescriptor
    private let name: String
    private var isHeld = true

    private init(folder: consuming FileDescriptor, file: consuming FileDescriptor, name: String) {
        self.folder = folder
        self.file = file
        self.name = name
    }

    static func take(in folder: borrowing DocumentFolder, patience: Duration) throws(FileError) -> DocumentLock {
        let name = ".\(folder.name).lock"
        let deadline = ContinuousClock.now + patience
        var pause: UInt32 = 1_000
        while true {
            if let file = try open(name, in: folder), try lock(file, in: folder) {
                if let status = try folder.status(name), status.st_ino == (try file.status(name)).st_ino {
                    do throws(SystemError) {
                        return DocumentLock(folder: try folder.descriptor.duplicate(), file: file, name: name)
                    } catch {
                        throw FileError(folder.path, error)
                    }
                }
                continue
            }
            guard ContinuousClock.now < deadline else { throw folder.error(.locked) }
            usleep(pause)
            pause = min(pause * 2, 16_000)
        }
    }

    /// Nil where the lock's owner is still making it.
    private static func open(_ name: String, in folder: borrowing DocumentFolder) throws(FileError) -> FileDescriptor? {
        let number = unsafe openat(folder.descriptor.number, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if number >= 0 { return FileDescriptor(owning: number) }
        if errno == EACCES { return nil }
        guard errno == ENOENT else { throw folder.error("openat") }
        do throws(SystemError) {
            let file = try folder.create(name, O_RDWR, mode: 0o600)
            // Any user who may write the folder may wait here. Locking the file is of no other use: it is removed
            // before it is unlocked.
            guard fchmod(file.number, 0o666) == 0 else { throw SystemError("fchmod", folder.path(name)) }
            return file
        } catch  where error.code == EEXIST {
            return nil
        } catch {
            throw FileError(folder.path(name), error)
        }
    }

    private static func lock(
        _ file: borrowing FileDescriptor, in folder: borrowing DocumentFolder
    ) throws(FileError) -> Bool {
        if hostelry_try_lock(file.number) == 0 { return true }
        guard errno == EWOULDBLOCK || errno == EINTR else { throw folder.error("flock") }
        return false
    }

    func release() {
        guard isHeld else { return }
        isHeld = false
        // Cannot fail for a name this process made in a folder it writes, and a left file only costs a look.
        unsafe unlinkat(folder.number, name, 0)
        hostelry_unlock(file.number)
    }

    deinit { release() }
}
