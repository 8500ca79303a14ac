/// Writes the parts of a response to the end of an output.
public enum ResponseWriter {
    /// The status line; an empty `reason` stands for the usual one. HTTP.sys answers every version as HTTP/1.1.
    public static func appendStatusLine(_ status: UInt16, reason: Span<UInt8>, to output: inout [UInt8]) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        append(number: UInt64(status), to: &output)
        output.append(UInt8(ascii: " "))
        if reason.isEmpty {
            output.append(contentsOf: StatusReasons.reason(of: status).utf8)
        } else {
            _ = append(value: reason, to: &output)
        }
        appendLineEnd(to: &output)
    }

    /// A field with its line end; answers false, having appended nothing, when name or value cannot stand in a head.
    public static func appendField(_ name: Span<UInt8>, _ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        let start = output.count
        guard !name.isEmpty, append(name, of: .token, to: &output) else { return false }
        output.append(UInt8(ascii: ":"))
        output.append(UInt8(ascii: " "))
        guard append(value: value, to: &output) else {
            output.removeLast(output.count - start)
            return false
        }
        appendLineEnd(to: &output)
        return true
    }

    public static func appendContentLength(_ length: UInt64, to output: inout [UInt8]) {
        output.append(contentsOf: "Content-Length: ".utf8)
        append(number: length, to: &output)
        appendLineEnd(to: &output)
    }

    public static func appendLineEnd(to output: inout [UInt8]) {
        output.append(13)
        output.append(10)
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

    private static func append(value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        append(value, of: .value, to: &output)
    }

    /// Appends the bytes if all are of the class, else nothing.
    private static func append(_ bytes: Span<UInt8>, of class: ByteClass, to output: inout [UInt8]) -> Bool {
        for index in bytes.indices where !`class`.holds(bytes[index]) { return false }
        output.append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
        return true
    }

    private static func append(number: UInt64, to output: inout [UInt8]) {
        if number >= 10 { append(number: number / 10, to: &output) }
        output.append(0x30 + UInt8(number % 10))
    }
}
