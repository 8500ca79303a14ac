internal import HTTP1
internal import Wire

/// Writes one response for a client: the head with all that frames it, and the body in that framing.
struct ResponseEncoder {
    enum Framing: Equatable {
        /// No body at all (HEAD, 204, 304): bytes of one are dropped.
        case none
        /// That many bytes are still to come.
        case length(UInt64)
        case chunked
        /// To the connection's end (HTTP/1.0 without a length).
        case close
    }

    private(set) var framing = Framing.none
    /// Whether the connection can carry another request behind this response.
    private(set) var keepsAlive: Bool

    private let isHead: Bool
    private let isHTTP11: Bool

    init(isHead: Bool, isHTTP11: Bool, keepsAlive: Bool) {
        self.isHead = isHead
        self.isHTTP11 = isHTTP11
        self.keepsAlive = keepsAlive
    }

    /// Appends the final head; `isLast` closes the connection behind the response. Throws when a field cannot stand in a response; `output` is as it was then.
    mutating func appendHead(
        _ head: ResponseHead, isLast: Bool, date: DateLine, to output: inout [UInt8]
    ) throws(LinkError) {
        if head.closesConnection || isLast { keepsAlive = false }
        framing = chooseFraming(head)
        if framing == .close { keepsAlive = false }
        let present = try Self.appendFields(head, to: &output)
        if !present.hasDate { date.append(to: &output) }
        if !present.hasServer, head.sendsServer { output.append(copying: Self.server) }
        switch framing {
        case .length(let length): ResponseWriter.appendContentLength(length, to: &output)
        case .chunked: output.append(copying: "Transfer-Encoding: chunked\r\n")
        case .none:
            if let length = head.contentLength, head.status != 204 {
                ResponseWriter.appendContentLength(length, to: &output)
            }
        case .close: break
        }
        appendConnection(to: &output)
        ResponseWriter.appendLineEnd(to: &output)
    }

    /// The status line and the fields of a head that is kept.
    static func storedHead(_ head: ResponseHead) throws(LinkError) -> [UInt8] {
        var stored: [UInt8] = []
        _ = try appendFields(head, to: &stored)
        return stored
    }

    private static let server: StaticString = "Server: Hostelry\r\n"

    /// Appends a whole response that was kept, or the 304 in place of it. Answers whether its body is still to be sent,
    /// being too large to be copied.
    mutating func append(
        _ kept: CachedResponse, isWhole: Bool, isLast: Bool, date: DateLine, to output: inout [UInt8]
    ) -> Bool {
        if kept.closesConnection || isLast { keepsAlive = false }
        framing = .none
        output.append(contentsOf: isWhole ? kept.head : kept.notModifiedHead)
        date.append(to: &output)
        if kept.sendsServer { output.append(copying: Self.server) }
        if isWhole { ResponseWriter.appendContentLength(UInt64(kept.body.count), to: &output) }
        appendConnection(to: &output)
        ResponseWriter.appendLineEnd(to: &output)
        guard isWhole, !isHead else { return false }
        guard kept.body.count < CachedBody.minimumSize else { return true }
        output.append(contentsOf: kept.body)
        return false
    }

    private func appendConnection(to output: inout [UInt8]) {
        if !keepsAlive {
            output.append(copying: "Connection: close\r\n")
        } else if !isHTTP11 {
            output.append(copying: "Connection: keep-alive\r\n")
        }
    }

    /// Appends an informational head (1xx), where the client knows such.
    func appendInformational(_ head: ResponseHead, to output: inout [UInt8]) throws(LinkError) {
        guard isHTTP11 else { return }
        _ = try Self.appendFields(head, to: &output)
        ResponseWriter.appendLineEnd(to: &output)
    }

    /// Appends the head that makes the connection a tunnel; what is appended as its body goes out as it is.
    mutating func appendUpgrade(
        _ head: ResponseHead, date: DateLine, to output: inout [UInt8]
    ) throws(LinkError) {
        let start = output.count
        let present = try Self.appendFields(head, to: &output, withUpgrade: true)
        guard present.hasUpgrade else {
            output.removeLast(output.count - start)
            throw LinkError("an upgrade without its protocol")
        }
        if !present.hasDate { date.append(to: &output) }
        if !present.hasServer, head.sendsServer { output.append(copying: Self.server) }
        output.append(copying: "Connection: Upgrade\r\n")
        ResponseWriter.appendLineEnd(to: &output)
        framing = .close
        keepsAlive = false
    }

    private func chooseFraming(_ head: ResponseHead) -> Framing {
        if isHead || head.status == 204 || head.status == 304 { return .none }
        if let length = head.contentLength { return .length(length) }
        return isHTTP11 ? .chunked : .close
    }

    /// The status line and the worker's fields, except those that frame the message.
    private static func appendFields(
        _ head: ResponseHead, to output: inout [UInt8], withUpgrade: Bool = false
    ) throws(LinkError) -> (hasDate: Bool, hasServer: Bool, hasUpgrade: Bool) {
        let start = output.count
        ResponseWriter.appendStatusLine(head.status, reason: head.reason.span, to: &output)
        var (hasDate, hasServer, hasUpgrade) = (false, false, false)
        var position = 0
        while let field = head.headers.next(&position) {
            switch field.name.count {
            case 4 where field.name.equalsIgnoringCase("date"): hasDate = true
            case 6 where field.name.equalsIgnoringCase("server"): hasServer = true
            case 7 where field.name.equalsIgnoringCase("upgrade"):
                hasUpgrade = !field.value.isEmpty
                guard withUpgrade else { continue }
            case 10 where isFraming(field.name): continue
            case 14 where field.name.equalsIgnoringCase("content-length"): continue
            case 16 where field.name.equalsIgnoringCase("proxy-connection"): continue
            case 17 where field.name.equalsIgnoringCase("transfer-encoding"): continue
            default: break
            }
            guard ResponseWriter.appendField(field.name, field.value, to: &output) else {
                output.removeLast(output.count - start)
                throw LinkError("a response field with characters that cannot stand there")
            }
        }
        return (hasDate, hasServer, hasUpgrade)
    }

    private static func isFraming(_ name: Span<UInt8>) -> Bool {
        name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive")
    }

    /// Appends bytes of the body. Throws when they are more than the head announced.
    mutating func appendBody(_ bytes: Span<UInt8>, to output: inout [UInt8]) throws(LinkError) {
        switch framing {
        case .none: break
        case .length(let missing):
            guard missing >= UInt64(bytes.count) else { throw LinkError("a body longer than its length") }
            framing = .length(missing - UInt64(bytes.count))
            output.append(copying: bytes)
        case .chunked:
            guard !bytes.isEmpty else { return }
            ResponseWriter.appendChunkSize(bytes.count, to: &output)
            output.append(copying: bytes)
            ResponseWriter.appendLineEnd(to: &output)
        case .close: output.append(copying: bytes)
        }
    }

    /// A part of a file of that length follows as the body, which `output` does not hold. Answers whether the client
    /// gets it; throws where the head did not announce it.
    mutating func takeFile(_ length: UInt64) throws(LinkError) -> Bool {
        switch framing {
        case .none: return false
        case .length(let missing) where missing >= length:
            framing = .length(missing - length)
            return true
        default: throw LinkError("a file that is not as long as the response")
        }
    }

    /// Ends the body; answers whether it is whole.
    func appendEnd(to output: inout [UInt8]) -> Bool {
        switch framing {
        case .chunked:
            ResponseWriter.appendLastChunk(to: &output)
            return true
        case .length(let missing): return missing == 0
        case .none, .close: return true
        }
    }
}
