internal import CZlib
internal import HTTP1

/// gzip (RFC 1952) and HTTP's `deflate` (RFC 1950) by zlib.
@safe
final class DeflateCompressor: CompressionLibrary {
    /// What is given out at once. Unit: bytes.
    private static let pieceLength = 1 << 14

    private let coding: ContentCoding
    /// zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>

    init(isGzip: Bool, level: Int, size: Int64?) throws(CompressionError) {
        let coding = isGzip ? ContentCoding.gzip : .deflate
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let window = Compressor.window(size, unknown: 15, 10...15)
        let code = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, isGzip ? window + 16 : window, min(8, window - 6), Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe stream.deallocate()
            throw CompressionError(coding: coding, reason: "deflateInit2 \(code)")
        }
        self.coding = coding
        unsafe self.stream = stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    func compress(
        _ input: Span<UInt8>, _ step: Compressor.Step, into output: inout [UInt8]
    ) -> CompressionError? {
        let flush =
            switch step {
            case .more: Z_NO_FLUSH
            case .flush: Z_SYNC_FLUSH
            case .finish: Z_FINISH
            }
        let stream = unsafe stream
        var code = Z_OK
        // zlib reads the input and does not keep it; both its counts are 32 bits wide, and pieces are far smaller.
        unsafe input.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            repeat {
                unsafe output.appendFilled(Self.pieceLength) { memory, room in
                    unsafe stream.pointee.next_out = memory
                    unsafe stream.pointee.avail_out = UInt32(room)
                    unsafe code = deflate(stream, flush)
                    return unsafe room - Int(stream.pointee.avail_out)
                }
            } while unsafe code == Z_OK && (stream.pointee.avail_out == 0 || step == .finish)
            unsafe stream.pointee.next_in = nil
        }
        // Z_BUF_ERROR: there was nothing left to do.
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR && step != .finish else {
            return CompressionError(coding: coding, reason: "deflate \(code)")
        }
        return nil
    }
}
