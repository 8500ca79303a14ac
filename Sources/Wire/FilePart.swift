/// Which part of an open file a response's body is: the payload of `FrameKind.responseFile`.
public struct FilePart: Equatable, Sendable {
    /// Unit: bytes.
    public let offset: Int64
    /// Unit: bytes, at least one.
    public let length: Int64

    public init(offset: Int64, length: Int64) {
        self.offset = offset
        self.length = length
    }

    public func append(to output: inout [UInt8], stream: UInt32) {
        output.append(frameOf: .responseFile, stream: stream) { append(to: &$0) }
    }

    fileprivate func append(to payload: inout [UInt8]) {
        payload.append(littleEndian: UInt64(bitPattern: offset))
        payload.append(littleEndian: UInt64(bitPattern: length))
    }

    /// Throws for a part that is empty or ends beyond what a file can hold.
    public init(decoding payload: Span<UInt8>) throws(WireError) {
        var reader = ByteReader(payload, "file part")
        try self.init(&reader)
    }

    fileprivate init(_ reader: inout ByteReader) throws(WireError) {
        let (offset, length) = (try reader.integer(UInt64.self), try reader.integer(UInt64.self))
        try reader.end()
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard length > 0, !overflow, end <= UInt64(Int64.max) else { throw WireError(.invalid, reader.subject) }
        (self.offset, self.length) = (Int64(offset), Int64(length))
    }
}

/// Which part of a file that the router keeps a response's body is: the payload of `FrameKind.responseKeptFile`.
public struct KeptFilePart: Equatable, Sendable {
    /// The number of `FrameKind.keepFile`.
    public let number: UInt32
    public let part: FilePart

    public init(number: UInt32, part: FilePart) {
        self.number = number
        self.part = part
    }

    public func append(to output: inout [UInt8], stream: UInt32) {
        output.append(frameOf: .responseKeptFile, stream: stream) {
            $0.append(littleEndian: number)
            part.append(to: &$0)
        }
    }

    public init(decoding payload: Span<UInt8>) throws(WireError) {
        var reader = ByteReader(payload, "kept file part")
        number = try reader.integer(UInt32.self)
        part = try FilePart(&reader)
    }
}
