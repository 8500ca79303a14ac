internal import CBrotli
internal import HTTP1

/// Brotli (RFC 7932).
@safe
final class BrotliCompressor: CompressionLibrary {
    private let state: OpaquePointer

    init(level: Int, size: Int64?) throws(CompressionError) {
        guard let state = unsafe BrotliEncoderCreateInstance(nil, nil, nil) else {
            throw CompressionError(coding: .br, reason: "BrotliEncoderCreateInstance")
        }
        unsafe self.state = state
        unsafe BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, UInt32(level))
        unsafe BrotliEncoderSetParameter(
            state, BROTLI_PARAM_LGWIN, UInt32(Compressor.window(size, unknown: 18, 10...22)))
        if let size {
            unsafe BrotliEncoderSetParameter(state, BROTLI_PARAM_SIZE_HINT, UInt32(clamping: min(size, 1 << 30)))
        }
    }

    deinit { unsafe BrotliEncoderDestroyInstance(state) }

    func compress(
        _ input: Span<UInt8>, _ step: Compressor.Step, into output: inout [UInt8]
    ) -> CompressionError? {
        let operation =
            switch step {
            case .more: BROTLI_OPERATION_PROCESS
            case .flush: BROTLI_OPERATION_FLUSH
            case .finish: BROTLI_OPERATION_FINISH
            }
        let state = unsafe state
        // The library reads the input during the call only, and lends its output until the next one.
        let isDone = unsafe input.withUnsafeBufferPointer { input in
            var next = input.baseAddress
            var left = input.count
            var room = 0
            repeat {
                guard
                    unsafe BrotliEncoderCompressStream(state, operation, &left, &next, &room, nil, nil) == BROTLI_TRUE
                else { return false }
                var size = 0
                while let piece = unsafe BrotliEncoderTakeOutput(state, &size), size > 0 {
                    unsafe output.append(contentsOf: UnsafeBufferPointer(start: piece, count: size))
                    size = 0
                }
            } while unsafe left > 0 || step == .finish && BrotliEncoderIsFinished(state) == BROTLI_FALSE
            return true
        }
        return isDone ? nil : CompressionError(coding: .br, reason: "BrotliEncoderCompressStream")
    }
}
