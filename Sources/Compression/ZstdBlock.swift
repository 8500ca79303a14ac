internal import CZstd
internal import HTTP1

/// Bytes as one zstd frame, for keeping: alone, or as what they differ in from others that the reader has too.
public enum ZstdBlock {
    /// zstd's own default.
    private static let level: Int32 = 3
    /// 128 MB: the largest window that every zstd reads.
    private static let largestWindow: Int32 = 27

    /// - Parameter prefix: what `decompress` will have; parts of it are referred to instead of repeated.
    public static func compress(_ bytes: [UInt8], onto prefix: [UInt8] = []) throws(CompressionError) -> [UInt8] {
        guard let context = unsafe ZSTD_createCCtx() else { throw failed("ZSTD_createCCtx") }
        defer { unsafe ZSTD_freeCCtx(context) }
        let reach = bytes.count + prefix.count
        let window = min(largestWindow, max(10, Int32(Int.bitWidth - reach.leadingZeroBitCount)))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window)
        // Finds what is far away.
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, reach > 1 << 20 ? 1 : 0)
        return try unsafe filled(ZSTD_compressBound(bytes.count)) { memory, room in
            // The library reads both during these calls only.
            unsafe prefix.withUnsafeBytes { prefix in
                unsafe bytes.withUnsafeBytes { bytes in
                    unsafe ZSTD_CCtx_refPrefix(context, prefix.baseAddress, prefix.count)
                    return unsafe ZSTD_compress2(context, memory, room, bytes.baseAddress, bytes.count)
                }
            }
        }
    }

    /// - Parameter size: how many bytes there were; other frames than of so many are refused.
    public static func decompress(
        _ frame: [UInt8], onto prefix: [UInt8] = [], size: Int
    ) throws(CompressionError) -> [UInt8] {
        guard let context = unsafe ZSTD_createDCtx() else { throw failed("ZSTD_createDCtx") }
        defer { unsafe ZSTD_freeDCtx(context) }
        let bytes = try unsafe filled(size) { memory, room in
            unsafe prefix.withUnsafeBytes { prefix in
                unsafe frame.withUnsafeBytes { frame in
                    unsafe ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count)
                    return unsafe ZSTD_decompressDCtx(context, memory, room, frame.baseAddress, frame.count)
                }
            }
        }
        guard bytes.count == size else { throw failed("the frame holds \(bytes.count) bytes instead of \(size)") }
        return bytes
    }

    private static func filled(
        _ room: Int, _ fill: (UnsafeMutableRawPointer?, Int) -> Int
    ) throws(CompressionError) -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            result = unsafe fill(UnsafeMutableRawPointer(buffer.baseAddress), room)
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else { throw failed(unsafe String(cString: ZSTD_getErrorName(result))) }
        return bytes
    }

    private static func failed(_ reason: String) -> CompressionError {
        CompressionError(coding: .zstd, reason: reason)
    }
}
