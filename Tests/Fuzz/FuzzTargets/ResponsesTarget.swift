internal import HTTP1

/// A backend's bytes are read the same however they arrive, and what was read can be written and read again.
enum ResponsesTarget {
    struct Message: Equatable {
        var status: UInt16
        var reason: [UInt8]
        var fields: [[UInt8]] = []
        var framing: ParsedResponse.Body
        var body: [UInt8] = []
        var isWhole = false
    }

    /// Everything on one connection, as whoever reads responses one after the other finds it.
    struct Reading: Equatable {
        var messages: [Message] = []
        var isRefused = false
    }

    static func run(_ bytes: [UInt8]) throws {
        for isHead in [false, true] {
            let whole = read(bytes, isHead: isHead)
            for portion in [1, 2, 5 + bytes.count % 31] {
                let other = read(bytes, isHead: isHead, portion: portion)
                try require(other == whole, "\(portion) bytes at a time read differently: \(other) and \(whole)")
            }
            for message in whole.messages { try checkRewritten(message, isHead: isHead) }
        }
    }

    private static func read(_ bytes: [UInt8], isHead: Bool, portion: Int = .max) -> Reading {
        var reading = Reading()
        var (position, available) = (0, 0)
        var parser = ResponseParser()
        var response = ParsedResponse()
        var decoder = ChunkedDecoder()
        var missing: UInt64 = 0
        while available < bytes.count {
            available += min(portion, bytes.count - available)
            while position < available || reading.messages.last?.isWhole == false {
                let before = position
                let rest = bytes.span.extracting(position..<available)
                do {
                    if reading.messages.last?.isWhole != false {
                        guard try parser.parse(rest, isHead: isHead, into: &response) else { break }
                        let fields = response.fields.map { field in
                            Array(bytes[position + field.name.lowerBound..<position + field.name.upperBound])
                                + Array(": ".utf8) + rest.extracting(field.value).unfolded
                        }
                        reading.messages.append(
                            Message(
                                status: response.status,
                                reason: Array(
                                    bytes[position + response.reason.lowerBound..<position + response.reason.upperBound]
                                ),
                                fields: fields, framing: response.body))
                        position += response.length
                        decoder = ChunkedDecoder()
                        if case .length(let length) = response.body { missing = length }
                    }
                    let last = reading.messages.count - 1
                    switch response.body {
                    case .none: reading.messages[last].isWhole = true
                    case .length:
                        let count = Int(min(missing, UInt64(available - position)))
                        reading.messages[last].body += bytes[position..<position + count]
                        position += count
                        missing -= UInt64(count)
                        reading.messages[last].isWhole = missing == 0
                    case .untilClose:
                        reading.messages[last].body += bytes[position..<available]
                        position = available
                    case .chunked:
                        var offset = 0
                        let rest = bytes.span.extracting(position..<available)
                        switch try decoder.next(rest, &offset) {
                        case .data(let range):
                            reading.messages[last].body +=
                                bytes[position + range.lowerBound..<position + range.upperBound]
                        case .needsMore: break
                        case .end: reading.messages[last].isWhole = true
                        }
                        position += offset
                    }
                } catch {
                    reading.isRefused = true
                    return reading
                }
                if position == before, reading.messages.last?.isWhole != true { break }
            }
        }
        return reading
    }

    private static func checkRewritten(_ message: Message, isHead: Bool) throws {
        var written = Array("HTTP/1.1 \(message.status) ".utf8) + message.reason + [13, 10]
        for field in message.fields { written += field + [13, 10] }
        written += [13, 10]
        let again = read(written, isHead: isHead)
        guard !again.isRefused, let other = again.messages.first else {
            throw Finding(description: "a head is refused when it is written again: \(again)")
        }
        try require(
            other.status == message.status && other.reason == message.reason && other.fields == message.fields
                && other.framing == message.framing, "a head reads differently when it is written again: \(other)")
    }
}
