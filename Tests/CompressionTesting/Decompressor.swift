internal import CBrotli
internal import CZlib
internal import CZstd
public import HTTP1

/// Undoes a coding, as far as its bytes go: a coding that was flushed and not finished gives what it holds.
public func decompress(_ coding: ContentCoding, _ bytes: [UInt8], limit: Int = 1 << 24) -> [UInt8]? {
    switch coding {
    case .gzip: inflated(bytes, windowBits: 15 + 16, limit)
    case .deflate: inflated(bytes, windowBits: 15, limit)
    case .br: unbrotli(bytes, limit)
    case .zstd: unzstd(bytes, limit)
    }
}

private func inflated(_ bytes: [UInt8], windowBits: Int32, _ limit: Int) -> [UInt8]? {
    var input = bytes
    var stream = unsafe z_stream()
    guard
        unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var code = Z_OK
    let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(input.count)
            unsafe stream.next_out = buffer.baseAddress
            unsafe stream.avail_out = UInt32(buffer.count)
            unsafe code = inflate(&stream, Z_SYNC_FLUSH)
        }
        count = unsafe buffer.count - Int(stream.avail_out)
    }
    return code == Z_OK || code == Z_STREAM_END ? output : nil
}

private func unbrotli(_ bytes: [UInt8], _ limit: Int) -> [UInt8]? {
    guard let state = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
    defer { unsafe BrotliDecoderDestroyInstance(state) }
    var result = BROTLI_DECODER_RESULT_ERROR
    let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        unsafe bytes.withUnsafeBufferPointer { input in
            var (left, next) = (input.count, input.baseAddress)
            var (room, target) = (buffer.count, buffer.baseAddress)
            unsafe result = BrotliDecoderDecompressStream(state, &left, &next, &room, &target, nil)
            count = buffer.count - room
        }
    }
    return result == BROTLI_DECODER_RESULT_ERROR ? nil : output
}

private func unzstd(_ bytes: [UInt8], _ limit: Int) -> [UInt8]? {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    defer { unsafe ZSTD_freeDCtx(context) }
    var result = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        unsafe bytes.withUnsafeBufferPointer { input in
            var source = unsafe ZSTD_inBuffer(src: UnsafeRawPointer(input.baseAddress), size: input.count, pos: 0)
            var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            repeat {
                result = unsafe ZSTD_decompressStream(context, &target, &source)
            } while ZSTD_isError(result) == 0 && (unsafe source.pos < source.size)
            count = unsafe target.pos
        }
    }
    return ZSTD_isError(result) == 0 ? output : nil
}
