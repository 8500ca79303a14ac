public import HTTP1

/// Compresses one content, piece by piece. It takes its memory when it is made: up to 300 KB for gzip, some MB for
/// brotli and zstd at high levels.
public struct Compressor: ~Copyable {
    /// What happens behind a piece.
    public enum Step: Sendable {
        case more
        /// Everything so far can be read from what is given out.
        case flush
        /// The content is complete; nothing comes after it.
        case finish
    }

    /// A class, so that other rooms can hold a compressor without knowing the libraries' types.
    private let library: any CompressionLibrary

    /// - Parameters:
    ///   - level: as `httpCompression` states it; brought into the range that the coding knows (`levels`).
    ///   - size: all bytes that will come where that is known, so that no more memory than they need is taken.
    public init(_ coding: ContentCoding, level: Int, size: Int64? = nil) throws(CompressionError) {
        let level = Self.level(level, of: coding)
        switch coding {
        case .gzip, .deflate:
            library = try DeflateCompressor(isGzip: coding == .gzip, level: level, size: size)
        case .br: library = try BrotliCompressor(level: level, size: size)
        case .zstd: library = try ZstdCompressor(level: level, size: size)
        }
    }

    /// Compresses a piece and appends what can be given out to `output`.
    public mutating func compress(
        _ input: Span<UInt8>, _ step: Step, into output: inout [UInt8]
    ) throws(CompressionError) {
        if let failure = library.compress(input, step, into: &output) { throw failure }
    }

    /// A configured level, 0 the fastest (IIS: 0 to 10), brought into the range of a coding.
    public static func level(_ level: Int, of coding: ContentCoding) -> Int {
        let levels = levels(of: coding)
        return min(max(level, levels.lowerBound), levels.upperBound)
    }

    /// zstd's levels above 19 need more memory than browsers grant.
    private static func levels(of coding: ContentCoding) -> ClosedRange<Int> {
        switch coding {
        case .gzip, .deflate: 1...9
        case .br: 0...11
        case .zstd: 1...19
        }
    }

    /// The logarithm of a window that holds `size` bytes, within `range`.
    static func window(_ size: Int64?, unknown: Int, _ range: ClosedRange<Int>) -> Int32 {
        guard let size else { return Int32(unknown) }
        let bits = Int64.bitWidth - max(0, size - 1).leadingZeroBitCount
        return Int32(min(max(bits, range.lowerBound), range.upperBound))
    }
}

/// One library's compressing of one content; its state is given back in `deinit`.
protocol CompressionLibrary: AnyObject {
    /// What went wrong, nil for nothing.
    func compress(
        _ input: Span<UInt8>, _ step: Compressor.Step, into output: inout [UInt8]
    ) -> CompressionError?
}

/// A library that could not compress: out of memory, or used wrongly.
public struct CompressionError: Error, Equatable, Sendable, CustomStringConvertible {
    public let coding: ContentCoding
    /// The library's own word for it.
    public let reason: String

    public var description: String { "\(coding.token): \(reason)" }
}

extension [UInt8] {
    /// Appends what `fill` puts into free memory of at least `size` bytes; it answers how much that was.
    @unsafe
    mutating func appendFilled(_ size: Int, _ fill: (UnsafeMutablePointer<UInt8>, Int) -> Int) {
        append(addingCapacity: size) { output in
            // The memory is there for the call, and `fill` answers no more than it was given.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                unsafe count += fill(buffer.baseAddress! + count, buffer.count - count)
            }
        }
    }
}
