internal import CPlatform
internal import Glibc

extension FileDescriptor {
    /// As much at once as a person can wait for. Unit: bytes.
    private static let stride: Int64 = 8 << 20
    private static let bufferSize = 256 << 10

    /// Copies a whole regular file into an empty one, holes as holes, and shows every part of the copy in order.
    ///
    /// The kernel copies where both file systems let it, so that those that can share blocks do. What is shown is read from
    /// the copy: it is what the copy holds even where somebody writes to the original meanwhile.
    ///
    /// - Parameter mayGrow: whether it may be written to meanwhile: what it had at the beginning is copied then.
    /// - Returns: the size. One that changes meanwhile is thrown as `unsettled`.
    public borrowing func copy(
        to copy: borrowing FileDescriptor, _ path: String, mayGrow: Bool = false,
        seen: (Span<UInt8>) throws(FileError) -> Void
    ) throws(FileError) -> Int64 {
        let before = FileStamp(try status(path))
        let size = before.size
        var offset: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        while offset < size {
            let data = nextData(offset, size)
            if data > offset { try show(zeros: data - offset, &buffer, seen) }
            offset = data
            let end = offset < size ? nextHole(offset, size) : size
            while offset < end {
                let count = try copyRange(to: copy, offset, min(Self.stride, end - offset), &buffer, path)
                guard count > 0 else { throw FileError(path, .unsettled) }
                try copy.read(offset..<offset + count, &buffer, path, seen)
                offset += count
            }
        }
        guard ftruncate(copy.number, off_t(size)) == 0 else { throw FileError(path, SystemError("ftruncate", path)) }
        let after = FileStamp(try status(path))
        guard after == before || mayGrow && after.size >= size else { throw FileError(path, .unsettled) }
        return size
    }

    /// Shows the whole file in order, without its holes being read.
    public borrowing func readWhole(
        _ path: String, seen: (Span<UInt8>) throws(FileError) -> Void
    ) throws(FileError) {
        let size = FileStamp(try status(path)).size
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        var offset: Int64 = 0
        while offset < size {
            let data = nextData(offset, size)
            if data > offset { try show(zeros: data - offset, &buffer, seen) }
            guard data < size else { return }
            offset = nextHole(data, size)
            try read(data..<offset, &buffer, path, seen)
        }
    }

    /// What a hole holds.
    private borrowing func show(
        zeros count: Int64, _ buffer: inout [UInt8], _ seen: (Span<UInt8>) throws(FileError) -> Void
    ) throws(FileError) {
        buffer = [UInt8](repeating: 0, count: buffer.count)
        var left = count
        while left > 0 {
            let part = Int(min(left, Int64(buffer.count)))
            try seen(buffer.span.extracting(first: part))
            left -= Int64(part)
        }
    }

    private borrowing func read(
        _ range: Range<Int64>, _ buffer: inout [UInt8], _ path: String,
        _ seen: (Span<UInt8>) throws(FileError) -> Void
    ) throws(FileError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let wanted = Int(min(Int64(buffer.count), range.upperBound - offset))
            let count = unsafe pread(number, &buffer, wanted, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path, SystemError("pread", path)) }
            guard count > 0 else { throw FileError(path, .unsettled) }
            try seen(buffer.span.extracting(first: count))
            offset += Int64(count)
        }
    }

    private borrowing func copyRange(
        to copy: borrowing FileDescriptor, _ offset: Int64, _ count: Int64, _ buffer: inout [UInt8], _ path: String
    ) throws(FileError) -> Int64 {
        let copied = hostelry_copy_range(number, copy.number, offset, Int(count))
        if copied > 0 { return Int64(copied) }
        // File systems that are too different, too old or of a kind that says nothing else: through the program then.
        if copied < 0, errno == ENOSPC || errno == EDQUOT || errno == EIO {
            throw FileError(path, SystemError("copy_file_range", path))
        }
        var got = -1
        repeat {
            got = unsafe pread(number, &buffer, Int(min(Int64(buffer.count), count)), off_t(offset))
        } while got < 0 && errno == EINTR
        guard got >= 0 else { throw FileError(path, SystemError("pread", path)) }
        var written = 0
        while written < got {
            // Not empty here, so there is an address, and `written` lies within.
            let count = unsafe buffer.withUnsafeBytes {
                unsafe pwrite(copy.number, $0.baseAddress! + written, got - written, off_t(offset) + off_t(written))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path, SystemError("pwrite", path)) }
            written += count
        }
        return Int64(got)
    }

    /// A file system that knows of no holes has none.
    private borrowing func nextData(_ offset: Int64, _ size: Int64) -> Int64 {
        let data = hostelry_next_data(number, offset)
        if data >= 0 { return min(data, size) }
        return errno == ENXIO ? size : offset
    }

    private borrowing func nextHole(_ offset: Int64, _ size: Int64) -> Int64 {
        let hole = hostelry_next_hole(number, offset)
        return hole > offset ? min(hole, size) : size
    }

    /// The permissions that its owner, its group and others have, without what an access list gives somebody else.
    public borrowing func permissions(_ path: String) throws(FileError) -> UInt32 {
        let mode = UInt32(try status(path).st_mode) & 0o777
        var length = 0
        let number = self.number
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            length = unsafe hostelry_attribute(number, "system.posix_acl_access", buffer.baseAddress, buffer.count)
            count = max(0, length)
        }
        guard length > 0, let list = AccessList(bytes),
            let group = list.entries.first(where: { $0.tag == .owningGroup })
        else { return mode }
        return mode & 0o707 | UInt32(group.permissions.rawValue) << 3
    }
}

extension HeldFolder {
    /// The folder's own permissions, without what an access list gives somebody else.
    public borrowing func permissions() throws(FileError) -> UInt32 { try descriptor.permissions(path) }
}
