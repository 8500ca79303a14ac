/// What a worker answers before the body: the payload of `FrameKind.responseHead`.
///
/// The router writes the status line, `Date`, `Server`, and all that frames the message: `Content-Length`,
/// `Transfer-Encoding`, `Connection` and `Keep-Alive` do not belong in `headers` and are dropped from them.
public struct ResponseHead: Equatable, Sendable {
    /// 100 to 999, beyond 599 what an application made up. Below 200 it is informational and another head follows.
    public var status: UInt16
    /// The reason phrase; empty stands for the usual one of the status. At most 255 bytes.
    public var reason: [UInt8] = []
    /// The body's length in bytes, where it is known; the body frames add up to it. For HEAD and 304 the length that
    /// a GET's body would have, without body frames.
    public var contentLength: UInt64?
    /// Whether the client's connection is to be closed behind this response.
    public var closesConnection = false
    /// Whether the router adds `Server` where `headers` has none (`removeServerHeader` of request filtering).
    public var sendsServer = true
    /// IIS's sub-status code for the access log, 0 where there is none.
    public var subStatus: UInt16 = 0
    /// A Windows error code for the access log, 0 where all is well.
    public var win32Status: UInt32 = 0
    /// Who signed in, for the access log; empty for nobody. What is longer than 255 bytes is cut off.
    public var userName: [UInt8] = []
    /// Whether the router may give the same answer to others who ask the same; nil for no.
    public var cache: CacheMark?
    public var headers = HeaderBlock()
    /// Server variables that the access log shows, by their names; nil where it shows none. What makes the head larger
    /// than `maximumSize` is left out.
    public var loggedVariables: HeaderBlock?

    /// The largest encoded head. Unit: bytes.
    public static let maximumSize = 1 << 16

    public init(status: UInt16, contentLength: UInt64? = nil) {
        self.status = status
        self.contentLength = contentLength
    }

    /// Appends the frame; throws when the head is larger than `maximumSize`, and appends nothing then.
    public func append(to output: inout [UInt8], stream: UInt32) throws(WireError) {
        let isDetailed = subStatus != 0 || win32Status != 0
        let nameLength = min(userName.count, 255)
        var length =
            12 + (isDetailed ? 6 : 0) + (cache == nil ? 0 : CacheMark.size) + (nameLength == 0 ? 0 : 1 + nameLength)
            + reason.count + headers.bytes.count
        guard reason.count <= 255, length <= Self.maximumSize else { throw WireError(.tooLarge, "response head") }
        var variables = loggedVariables?.bytes
        if let count = variables?.count {
            if length + 4 + count <= Self.maximumSize { length += 4 + count } else { variables = nil }
        }
        let flags: UInt8 =
            (contentLength == nil ? 0 : 1) | (closesConnection ? 2 : 0) | (sendsServer ? 0 : 4) | (isDetailed ? 8 : 0)
            | (cache == nil ? 0 : 16) | (nameLength == 0 ? 0 : 32) | (variables == nil ? 0 : 64)
        output.append(size: Frame.headerSize + 18) { slots in
            slots.put(UInt32(FrameKind.responseHead.rawValue) << 24 | UInt32(length))
            slots.put(stream)
            slots.put(status)
            slots.put(flags)
            slots.put(UInt8(reason.count))
            slots.put(contentLength ?? 0)
            guard isDetailed else { return }
            slots.put(subStatus)
            slots.put(win32Status)
        }
        cache?.append(to: &output)
        if nameLength > 0 {
            output.append(UInt8(nameLength))
            output.append(contentsOf: userName.prefix(nameLength))
        }
        if let variables {
            output.append(littleEndian: UInt32(variables.count))
            output.append(contentsOf: variables)
        }
        output.append(contentsOf: reason)
        output.append(contentsOf: headers.bytes)
    }

    public init(decoding payload: Span<UInt8>) throws(WireError) {
        var reader = ByteReader(payload, "response head")
        guard payload.count <= Self.maximumSize else { throw WireError(.tooLarge, reader.subject) }
        status = try reader.integer()
        let flags = try reader.integer(UInt8.self)
        let reasonLength = Int(try reader.integer(UInt8.self))
        let length = try reader.integer(UInt64.self)
        guard (100..<1000).contains(status), flags <= 127 else { throw WireError(.invalid, reader.subject) }
        contentLength = flags & 1 == 0 ? nil : length
        closesConnection = flags & 2 != 0
        sendsServer = flags & 4 == 0
        if flags & 8 != 0 {
            subStatus = try reader.integer()
            win32Status = try reader.integer()
        }
        if flags & 16 != 0 { cache = try CacheMark(&reader) }
        if flags & 32 != 0 {
            let length = Int(try reader.integer(UInt8.self))
            guard length > 0 else { throw WireError(.invalid, reader.subject) }
            userName = [UInt8](copying: try reader.take(length))
        }
        if flags & 64 != 0 {
            let length = Int(try reader.integer(UInt32.self))
            loggedVariables = try HeaderBlock(decoding: try reader.take(length), reader.subject)
        }
        reason = [UInt8](copying: try reader.take(reasonLength))
        headers = try HeaderBlock(decoding: try reader.take(reader.remaining), reader.subject)
    }
}
