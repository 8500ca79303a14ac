internal import CZstd
internal import HTTP1

/// zstd (RFC 8878), with windows of at most 8 MB as HTTP has it (RFC 9659).
@safe
final class ZstdCompressor: CompressionLibrary {
    /// What is given out at once. Unit: bytes.
    private static let pieceLength = 1 << 14

    private let context: OpaquePointer

    init(level: Int, size: Int64?) throws(CompressionError) {
        guard let context = unsafe ZSTD_createCCtx() else {
            throw CompressionError(coding: .zstd, reason: "ZSTD_createCCtx")
        }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, Compressor.window(size, unknown: 18, 10...23))
        if let size { unsafe ZSTD_CCtx_setPledgedSrcSize(context, UInt64(size)) }
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    func compress(
        _ input: Span<UInt8>, _ step: Compressor.Step, into output: inout [UInt8]
    ) -> CompressionError? {
        let directive =
            switch step {
            case .more: ZSTD_e_continue
            case .flush: ZSTD_e_flush
            case .finish: ZSTD_e_end
            }
        let context = unsafe context
        // What is left to give out, or the library's error.
        var rest = 0
        // The library reads the input during the call only.
        unsafe input.withUnsafeBufferPointer { input in
            var source = unsafe ZSTD_inBuffer(src: UnsafeRawPointer(input.baseAddress), size: input.count, pos: 0)
            repeat {
                unsafe output.appendFilled(Self.pieceLength) { memory, room in
                    var target = unsafe ZSTD_outBuffer(dst: memory, size: room, pos: 0)
                    rest = unsafe ZSTD_compressStream2(context, &target, &source, directive)
                    return unsafe target.pos
                }
            } while ZSTD_isError(rest) == 0 && (unsafe source.pos < source.size || step != .more && rest > 0)
        }
        guard ZSTD_isError(rest) == 0 else {
            return CompressionError(coding: .zstd, reason: unsafe String(cString: ZSTD_getErrorName(rest)))
        }
        return nil
    }
}
