internal import HTTP1
internal import HTTP1Testing

/// A client's bytes are read the same however they arrive, and what was read can be written and read again.
enum HTTPTarget {
    static func run(_ bytes: [UInt8]) throws {
        let stream = RequestStream(bytes)
        for (portion, limit) in [(1, 1), (2, 3), (5 + bytes.count % 31, .max)] {
            let other = RequestStream(bytes, portion: portion, limit: limit)
            try require(
                other.messages == stream.messages && (other.refusal == nil) == (stream.refusal == nil),
                "\(portion) bytes at a time read differently: \(other) and \(stream)")
        }
        var begin = 0
        for message in stream.messages {
            try checkPath(message.path)
            guard let end = message.end else { continue }
            try require(end > begin && end <= bytes.count, "a message ends where it cannot")
            begin = end
            try checkRewritten(message)
        }
        var cooker = PathCooker()
        if (try? cooker.cook(bytes.span, bytes.indices)) != nil { try checkPath(cooker.path) }
        if let seconds = HTTPDate.seconds(bytes.span), seconds >= 0 {
            let written = HTTPDate.bytes(seconds: seconds)
            try require(HTTPDate.seconds(written.span) == seconds, "a date reads differently when written again")
        }
    }

    /// Nothing that a file system or a second decoding could read as more than names between separators.
    private static func checkPath(_ path: [UInt8]) throws {
        if path == Array("*".utf8) { return }
        try require(path.first == UInt8(ascii: "/"), "a path begins with something else than /")
        guard let text = String(validating: path, as: UTF8.self) else {
            throw Finding(description: "a path is no UTF-8")
        }
        let isClean = text.unicodeScalars.allSatisfy { $0 != "\\" && $0.properties.generalCategory != .control }
        try require(isClean, "a path holds a control character or a backslash")
        let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isResolved = segments.enumerated().allSatisfy { index, segment in
            segment.isEmpty ? index == segments.count - 1 : segment != [0x2e] && segment != [0x2e, 0x2e]
        }
        try require(isResolved, "a path has a dot segment or an empty one: \(text)")
        let escaped = path.flatMap { $0 == UInt8(ascii: "%") ? Array("%25".utf8) : [$0] }
        var cooker = PathCooker()
        try cooker.cook(escaped.span, escaped.indices)
        try require(cooker.path == path, "a cooked path cooks to another one")
    }

    private static func checkRewritten(_ message: RequestStream.Message) throws {
        let (separator, lineEnd): ([UInt8], [UInt8]) = (Array(": ".utf8), [13, 10])
        var written = message.method + [32] + message.target
        written += (message.isHTTP11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n").utf8
        var isChunked = false
        for field in message.fields {
            written += field.name + separator + field.value + lineEnd
            isChunked = isChunked || String(decoding: field.name, as: UTF8.self).lowercased() == "transfer-encoding"
        }
        written += lineEnd
        if isChunked {
            if !message.body.isEmpty {
                ResponseWriter.appendChunkSize(message.body.count, to: &written)
                written += message.body + lineEnd
            }
            ResponseWriter.appendLastChunk(to: &written)
        } else {
            written += message.body
        }
        let again = RequestStream(written)
        guard again.refusal == nil, again.messages.count == 1, let other = again.messages.first else {
            throw Finding(description: "a message is refused when it is written again: \(again)")
        }
        let isSame =
            other.method == message.method && other.target == message.target && other.path == message.path
            && other.host == message.host && other.fields == message.fields && other.body == message.body
            && other.keepsAlive == message.keepsAlive && other.end == written.count
        try require(isSame, "a message reads differently when it is written again: \(other) and \(message)")
    }
}
