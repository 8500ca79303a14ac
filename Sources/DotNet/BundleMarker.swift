internal import Platform

/// The mark by which a start program tells that a whole application is bundled behind it (`PublishSingleFile`;
/// dotnet/designs, accepted/2020/single-file).
///
/// Eight bytes, where in the file the bundle's header is, then the signature. In a start program without a bundle the eight
/// bytes are 0.
enum BundleMarker {
    /// SHA-256 of ".net core bundle".
    static let signature: [UInt8] = [
        0x8B, 0x12, 0x02, 0xB9, 0x6A, 0x61, 0x20, 0x38, 0x72, 0x7B, 0x93, 0x02, 0x14, 0xD7, 0xA0, 0x32,
        0x13, 0xF5, 0xB9, 0xE6, 0xEF, 0xAE, 0x33, 0x18, 0xEE, 0x3B, 0x2D, 0xCE, 0x24, 0xB3, 0x6A, 0xAE,
    ]
    /// Unit: bytes. How much of a file is looked through; the start program comes first and has less than 20 MB.
    static let searchLimit = 64 << 20
    private static let piece = 1 << 20

    /// Whether the file has a bundle. A place that lies outside the file is none.
    ///
    /// - Parameter budget: how many bytes may still be read; what is read is taken from it.
    static func isThere(
        in file: borrowing FileDescriptor, size: Int64, budget: inout Int
    ) throws(SystemError) -> Bool {
        let end = min(Int(clamping: size), searchLimit, budget)
        // Each piece begins with as much of the last one as the mark may have begun in.
        let overlap = 8 + signature.count
        var (offset, bytes): (Int, [UInt8]) = (0, [])
        while offset + overlap < end {
            bytes.removeAll(keepingCapacity: true)
            let count = try file.read(min(piece, end - offset), at: Int64(offset), into: &bytes)
            budget -= count
            if let found = ByteSearch.find(signature.span, in: bytes.span, 0..<bytes.count), found >= 8 {
                let header = bytes[found - 8..<found].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return header > 0 && header < UInt64(clamping: size)
            }
            guard count > overlap else { return false }
            offset += count - overlap
        }
        return false
    }
}
