/// Writes the parts of a response to the end of an output.
public enum ResponseWriter {
    private static let okLine = Array("HTTP/1.1 200 OK\r\n".utf8)
    private static let contentLength = Array("Content-Length: ".utf8)

    /// The status line; an empty `reason` stands for the usual one. HTTP.sys answers every version as HTTP/1.1.
    public static func appendStatusLine(_ status: UInt16, reason: Span<UInt8>, to output: inout [UInt8]) {
        if status == 200, reason.isEmpty { return output.append(contentsOf: okLine) }
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        append(number: UInt64(status), to: &output)
        output.append(UInt8(ascii: " "))
        if reason.isEmpty {
            output.append(contentsOf: StatusReasons.reason(of: status).utf8)
        } else {
            if holds(reason, only: .value) { for index in reason.indices { output.append(reason[index]) } }
        }
        appendLineEnd(to: &output)
    }

    /// A field with its line end; answers false, having appended nothing, when name or value cannot stand in a head.
    public static func appendField(_ name: Span<UInt8>, _ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard !name.isEmpty, holds(name, only: .token), holds(value, only: .value) else { return false }
        output.append(addingCapacity: name.count + value.count + 4) { output in
            for index in name.indices { output.append(name[index]) }
            output.append(UInt8(ascii: ":"))
            output.append(UInt8(ascii: " "))
            for index in value.indices { output.append(value[index]) }
            output.append(13)
            output.append(10)
        }
        return true
    }

    public static func appendContentLength(_ length: UInt64, to output: inout [UInt8]) {
        output.append(contentsOf: contentLength)
        append(number: length, to: &output)
        appendLineEnd(to: &output)
    }

    public static func appendLineEnd(to output: inout [UInt8]) {
        output.append(addingCapacity: 2) { output in
            output.append(13)
            output.append(10)
        }
    }

    /// The line before a chunk of `count` bytes, which a line end follows. `count` is more than 0.
    public static func appendChunkSize(_ count: Int, to output: inout [UInt8]) {
        var shift = (Int.bitWidth - count.leadingZeroBitCount + 3) / 4 * 4
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: count >> shift & 15)
            output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
        appendLineEnd(to: &output)
    }

    /// The last chunk, without trailers.
    public static func appendLastChunk(to output: inout [UInt8]) { output.append(contentsOf: "0\r\n\r\n".utf8) }

    private static func holds(_ bytes: Span<UInt8>, only class: ByteClass) -> Bool {
        for index in bytes.indices where !`class`.holds(bytes[index]) { return false }
        return true
    }

    private static func append(number: UInt64, to output: inout [UInt8]) {
        output.append(addingCapacity: 20) { output in
            var divisor: UInt64 = 1
            while number / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                output.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
        }
    }
}
