/// The kinds of frames of a link. The sender is the router (R), the worker (W) or either.
public enum FrameKind: UInt8, Sendable, CaseIterable {
    /// Either, first frame, stream 0: `LinkHello`.
    case hello = 1
    /// R: `RequestHead`; begins a stream.
    case requestHead = 2
    /// R: bytes of the request's body, within the stream's credit.
    case requestBody = 3
    /// R: the request is complete. Follows every head, bodiless ones too. In a tunnel: the client ended its half.
    case requestEnd = 4
    /// W: `ResponseHead`; informational ones (1xx) may precede the final one. 101 begins a tunnel
    /// (`RequestTraits.canBecomeTunnel`).
    case responseHead = 5
    /// W: bytes of the response's body, within the stream's credit.
    case responseBody = 6
    /// W: the response is complete; ends the stream. In a tunnel: the worker ends its half, the stream ends with both.
    case responseEnd = 7
    /// Either: the stream ends at once, `ResetReason` says why.
    case reset = 8
    /// Either: that many more bytes of body may come (32 bits).
    case window = 9
    /// R: no further request will come. W: send none. Stream 0, no payload.
    case drain = 10
    /// Either, stream 0: eight bytes that come back as `pong`.
    case ping = 11
    /// Either, stream 0: the eight bytes of the ping.
    case pong = 12
    /// W: `FilePart`, the response's body as a part of an open file, whose descriptor travels with the frame's first
    /// byte. In place of body frames, within the leave of the router's hello.
    case responseFile = 13
    /// R, stream 0: that many files are done with (32 bits), and as many more may come.
    case filesDone = 14
    /// W, stream 0: responses that were marked with that token (64 bits; 0 for all of the worker's) hold no longer.
    case flush = 15
    /// W, stream 0: the router keeps the file whose descriptor travels with the frame's first byte under that number
    /// (32 bits), for further responses. It counts as open, within the leave of the router's hello.
    case keepFile = 16
    /// W: `KeptFilePart`, the response's body as a part of a file that the router keeps. In place of body frames.
    case responseKeptFile = 17
    /// W, stream 0: the router keeps the file of that number (32 bits) no longer; it says `filesDone` when the last
    /// response of it is through.
    case dropFile = 18
}

/// Why a stream ended before its time.
public enum ResetReason: UInt32, Sendable {
    /// The client went away; nobody reads the answer.
    case clientGone = 1
    /// The worker cannot go on with a response it has begun.
    case responseFailed = 2
    /// The peer broke the protocol on this stream.
    case protocolError = 3
    /// The worker takes no request any more; the request was not looked at and may go to another worker.
    case refused = 4
    /// The client sent a body that is not HTTP.
    case badRequestBody = 5
    /// The worker will not answer on purpose: the client's connection is closed without a word.
    case aborted = 6
}

/// A frame's header: eight bytes, the payload's length (24 bits), the kind, the stream.
///
/// A stream is a number that the router chooses: a slot (lower 16 bits) and a generation, so that both sides find it
/// by index. Stream 0 is the link itself.
public struct Frame: Equatable, Sendable {
    public static let headerSize = 8
    /// The largest payload; a larger one is a broken peer.
    public static let maximumPayload = 1 << 18
    /// The largest payload of a body frame.
    public static let maximumBody = 1 << 16

    public let kind: FrameKind
    public let stream: UInt32
    public let length: Int

    /// The header at the beginning of `bytes`; nil when fewer than eight are there.
    public init?(_ bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.headerSize else { return nil }
        let word = bytes.integer(UInt32.self, at: 0)
        guard let kind = FrameKind(rawValue: UInt8(truncatingIfNeeded: word >> 24)) else {
            throw WireError(.unknown, "frame")
        }
        self.kind = kind
        length = Int(word & 0xff_ffff)
        stream = bytes.integer(UInt32.self, at: 4)
        let isBody = kind == .requestBody || kind == .responseBody
        guard length <= (isBody ? Self.maximumBody : Self.maximumPayload) else { throw WireError(.tooLarge, "frame") }
    }
}

/// Frames are written at the end of a link's output.
extension [UInt8] {
    /// Appends a frame with an empty payload.
    public mutating func append(frame kind: FrameKind, stream: UInt32) {
        append(littleEndian: UInt64(stream) << 32 | UInt64(kind.rawValue) << 24)
    }

    /// Appends one body frame; `body` is at most `Frame.maximumBody` bytes.
    public mutating func append(frame kind: FrameKind, stream: UInt32, body: Span<UInt8>) {
        append(littleEndian: UInt64(stream) << 32 | UInt64(kind.rawValue) << 24 | UInt64(body.count))
        append(copying: body)
    }

    public mutating func append(reset stream: UInt32, reason: ResetReason) {
        append(frameOf: .reset, stream: stream) { $0.append(littleEndian: reason.rawValue) }
    }

    /// Appends leave for `credit` further bytes of body.
    public mutating func append(window stream: UInt32, credit: UInt32) {
        append(frameOf: .window, stream: stream) { $0.append(littleEndian: credit) }
    }

    public mutating func append(filesDone count: UInt32) {
        append(frameOf: .filesDone, stream: 0) { $0.append(littleEndian: count) }
    }

    public mutating func append(keepFile number: UInt32) {
        append(frameOf: .keepFile, stream: 0) { $0.append(littleEndian: number) }
    }

    public mutating func append(dropFile number: UInt32) {
        append(frameOf: .dropFile, stream: 0) { $0.append(littleEndian: number) }
    }

    public mutating func append(flush token: UInt64) {
        append(frameOf: .flush, stream: 0) { $0.append(littleEndian: token) }
    }

    public mutating func append(ping value: UInt64) {
        append(frameOf: .ping, stream: 0) { $0.append(littleEndian: value) }
    }

    public mutating func append(pong value: UInt64) {
        append(frameOf: .pong, stream: 0) { $0.append(littleEndian: value) }
    }

    /// Appends frames that were written before their stream was known, giving them all to `stream`.
    public mutating func append(frames: [UInt8], of stream: UInt32) {
        var position = count
        append(contentsOf: frames)
        while position < count {
            let length = Int(span.integer(UInt32.self, at: position) & 0xff_ffff)
            replace(at: position + 4, littleEndian: stream)
            position += Frame.headerSize + length
        }
    }

    /// Appends a frame whose payload `write` appends.
    mutating func append(frameOf kind: FrameKind, stream: UInt32, _ write: (inout [UInt8]) -> Void) {
        let start = count
        append(frame: kind, stream: stream)
        write(&self)
        replace(at: start, littleEndian: UInt32(kind.rawValue) << 24 | UInt32(count - start - Frame.headerSize))
    }
}

/// Payloads of the small frames.
extension Frame {
    public static func resetReason(_ payload: Span<UInt8>) throws(WireError) -> ResetReason {
        guard payload.count == 4, let reason = ResetReason(rawValue: payload.integer(UInt32.self, at: 0)) else {
            throw WireError(.invalid, "reset")
        }
        return reason
    }

    public static func credit(_ payload: Span<UInt8>) throws(WireError) -> Int {
        guard payload.count == 4 else { throw WireError(.invalid, "window") }
        return Int(payload.integer(UInt32.self, at: 0))
    }

    public static func fileCount(_ payload: Span<UInt8>) throws(WireError) -> Int {
        guard payload.count == 4 else { throw WireError(.invalid, "files done") }
        return Int(payload.integer(UInt32.self, at: 0))
    }

    public static func fileNumber(_ payload: Span<UInt8>) throws(WireError) -> UInt32 {
        guard payload.count == 4 else { throw WireError(.invalid, "file number") }
        return payload.integer(UInt32.self, at: 0)
    }

    public static func flushToken(_ payload: Span<UInt8>) throws(WireError) -> UInt64 {
        guard payload.count == 8 else { throw WireError(.invalid, "flush") }
        return payload.integer(UInt64.self, at: 0)
    }

    public static func pingValue(_ payload: Span<UInt8>) throws(WireError) -> UInt64 {
        guard payload.count == 8 else { throw WireError(.invalid, "ping") }
        return payload.integer(UInt64.self, at: 0)
    }
}
