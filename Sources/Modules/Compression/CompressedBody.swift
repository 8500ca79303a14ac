import Compression
import HTTP1
import Pipeline

/// A body that is another one compressed, piece by piece as the client takes it.
///
/// The compressing is done on another thread, so that a high level holds nobody up. Where the other body has nothing for
/// now, all that came goes out: events of a stream are not held back.
final class CompressedBody: BodySource {
    enum Source {
        case bytes([UInt8])
        case stream(any BodySource)
    }

    struct Plan: Sendable {
        let coding: ContentCoding
        let level: Int
        /// Unit: bytes.
        let bufferLimit: Int
    }

    /// What is compressed at once. Unit: bytes.
    private static let pieceLength = 1 << 15

    private enum State {
        case idle
        /// Another thread compresses.
        case working
        /// The last piece is in `output`.
        case complete
        case failed
        case cancelled
    }

    private let source: Source
    private let plan: Plan
    private let request: RequestContext
    private let compression: WorkerCompression
    private let encoding: Encoding
    private var state = State.idle
    /// How much of the source's bytes was compressed.
    private var position = 0
    private var output: [UInt8] = []
    private var given = 0
    /// What was compressed since the last flush. Unit: bytes.
    private var unflushed = 0
    private var isProducing = false

    init(_ source: Source, _ plan: Plan, _ request: RequestContext, _ compression: WorkerCompression) {
        self.source = source
        self.plan = plan
        self.request = request
        self.compression = compression
        switch source {
        case .bytes(let bytes): encoding = Encoding(plan, size: Int64(bytes.count))
        case .stream(let stream): encoding = Encoding(plan, size: stream.length)
        }
        compression.responses += 1
    }

    deinit { compression.responses -= 1 }

    var length: Int64? { nil }

    func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
        isProducing = true
        defer { isProducing = false }
        while true {
            if given < output.count {
                let count = min(limit, output.count - given)
                bytes.append(contentsOf: output[given..<given + count])
                given += count
                return given == output.count && state == .complete ? .ended : .more
            }
            switch state {
            case .working, .cancelled: return .waiting
            case .complete: return .ended
            case .failed: return .failed
            case .idle: if !compressNext() { return state == .failed ? .failed : .waiting }
            }
        }
    }

    func cancel() {
        if state != .complete { cancelSource() }
        state = .cancelled
    }

    private func cancelSource() {
        if case .stream(let stream) = source { stream.cancel() }
    }

    /// Hands the next piece to the other thread. False where there is none for now, and where the source failed.
    private func compressNext() -> Bool {
        var input: [UInt8] = []
        var step = Compressor.Step.more
        switch source {
        case .bytes(let bytes):
            let end = min(bytes.count, position + Self.pieceLength)
            input.append(contentsOf: bytes[position..<end])
            position = end
            if end == bytes.count { step = .finish }
        case .stream(let stream):
            gathering: while input.count < Self.pieceLength {
                switch stream.produce(Self.pieceLength - input.count, into: &input) {
                case .more: continue
                case .waiting: step = .flush
                case .ended: step = .finish
                case .failed:
                    state = .failed
                    return false
                }
                break gathering
            }
        }
        unflushed += input.count
        if step == .more, unflushed >= plan.bufferLimit { step = .flush }
        if step == .flush {
            guard unflushed > 0 else { return false }
            unflushed = 0
        }
        state = .working
        output = []
        given = 0
        let (encoding, piece, nextStep) = (encoding, input, step)
        compression.services.perform {
            encoding.run(piece, nextStep)
        } then: { [self] result in
            compressed(result, nextStep)
        }
        return true
    }

    private func compressed(_ result: [UInt8]?, _ step: Compressor.Step) {
        guard state == .working else { return }
        if let result {
            output = result
            state = step == .finish ? .complete : .idle
        } else {
            state = .failed
            if step != .finish { cancelSource() }
        }
        if !isProducing { request.resumeSending() }
    }
}

/// The compressor of one body, made when its first piece comes.
///
/// Used by one thread at a time: the body gives it the next piece when it has the last one back.
private final class Encoding: @unchecked Sendable {
    private let plan: CompressedBody.Plan
    private let size: Int64?
    private var compressor: Compressor?

    init(_ plan: CompressedBody.Plan, size: Int64?) {
        self.plan = plan
        self.size = size
    }

    /// The piece compressed; nil where that failed.
    func run(_ input: [UInt8], _ step: Compressor.Step) -> [UInt8]? {
        do throws(CompressionError) {
            var current: Compressor
            if let known = compressor.take() {
                current = known
            } else {
                current = try Compressor(plan.coding, level: plan.level, size: size)
            }
            var output: [UInt8] = []
            try current.compress(input.span, step, into: &output)
            if step != .finish { compressor = consume current }
            return output
        } catch {
            return nil
        }
    }
}
