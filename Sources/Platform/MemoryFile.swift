internal import CPlatform
internal import Glibc

/// Files in memory: bytes handed to another process as a descriptor.
extension FileDescriptor {
    /// An anonymous file that holds `bytes` and can never change again; its offset is at the beginning.
    public static func sealedMemory(_ bytes: [UInt8], name: String) throws(SystemError) -> FileDescriptor {
        let number = unsafe hostelry_memory_file(name)
        guard number >= 0 else { throw SystemError("memfd_create", name) }
        let file = FileDescriptor(owning: number)
        var offset = 0
        while offset < bytes.count {
            let rest = bytes.span.extracting(droppingFirst: offset)
            // The pointer is used before the closure ends.
            let count = unsafe rest.withUnsafeBufferPointer { unsafe pwrite(number, $0.baseAddress, $0.count, offset) }
            guard count >= 0 || errno == EINTR else { throw SystemError("pwrite", name) }
            offset += max(0, count)
        }
        guard hostelry_seal(number) == 0 else { throw SystemError("fcntl", "F_ADD_SEALS") }
        return file
    }

    /// All bytes of a file in memory, at most `limit`; `EFBIG` when there are more.
    ///
    /// Where it stands is left alone, so that several processes may read one file.
    public borrowing func memoryContents(limit: Int) throws(SystemError) -> [UInt8] {
        var information = stat()
        guard unsafe fstat(number, &information) == 0 else { throw SystemError("fstat") }
        guard information.st_size <= limit else { throw SystemError("read", "memory file", code: EFBIG) }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(number, buffer.baseAddress! + offset, buffer.count - offset, offset)  // Not empty here.
            }
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { throw SystemError("pread") }
            offset += max(0, count)
        }
        bytes.removeLast(bytes.count - offset)
        return bytes
    }
}
