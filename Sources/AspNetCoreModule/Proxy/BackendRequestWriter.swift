import HTTP1
import Platform
import Wire

/// Writes the head of a request to a backend, in one pass over the client's.
///
/// What frames the message is written anew and never copied: `Content-Length` or `Transfer-Encoding` from what the router
/// found, so that no two readers can differ about where the request ends. `Connection` and the fields that concern one
/// connection alone are left out, `MS-ASPNETCORE-…` is the module's own, `X-Forwarded-…` go on where the client left
/// off. All other fields stay as they are, in their order.
struct BackendRequestWriter {
    /// Writes the whole head.
    ///
    /// - Parameters:
    ///   - path: of a child request, which answers in place of the client's own URL; nil for that one.
    ///   - token: the backend's pairing token.
    ///   - upgrades: whether the request asks for a WebSocket.
    static func append(
        _ head: borrowing RequestHead, path: [UInt8]? = nil, token: String, address: BackendAddress, upgrades: Bool,
        to output: inout [UInt8]
    ) {
        // A field takes more in the head's table than its punctuation here, a byte of the path three at most.
        let room = head.size + 3 * max(head.path.count, path?.count ?? 0) + token.utf8.count + Self.room
        output.append(addingCapacity: room) { output in
            output.append(copying: head.method)
            output.append(0x20)
            if let path { appendPath(path.span, to: &output) } else { appendPath(head.path, to: &output) }
            if !head.query.isEmpty {
                output.append(UInt8(ascii: "?"))
                output.append(copying: head.query)
            }
            output.append(copying: " HTTP/1.1\r\n")
            var writer = BackendRequestWriter()
            if !(head.target.first == UInt8(ascii: "/")) { writer.appendHost(ofTarget: head.target, to: &output) }
            for index in 0..<head.fieldCount {
                writer.append(head.name(ofField: index), head.value(ofField: index), to: &output)
            }
            if !writer.hasHost { appendHost(address, to: &output) }
            appendForwarding(head, writer, to: &output)
            output.append(copying: "MS-ASPNETCORE-TOKEN: ")
            output.append(copying: token.utf8Span.span)
            switch head.body {
            case .length(let length): appendLength(length, to: &output)
            case .chunked: output.append(copying: "\r\nTransfer-Encoding: chunked")
            case .none: if writer.hasLength { appendLength(0, to: &output) }
            }
            if upgrades { output.append(copying: "\r\nConnection: Upgrade\r\nUpgrade: websocket") }
            output.append(copying: "\r\n\r\n")
        }
    }

    /// For what stands in the head though nobody sent it. Unit: bytes.
    private static let room = 512

    private static func appendLength(_ length: UInt64, to output: inout OutputSpan<UInt8>) {
        output.append(copying: "\r\nContent-Length: ")
        output.append(decimal: length)
    }

    private var hasHost = false
    /// Whether the client said how long its body is, be it 0.
    private var hasLength = false
    private var hasForwardedFor = false
    private var hasForwardedProto = false

    private mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        switch name.count {
        case 2 where name.equalsIgnoringCase("te"): return
        case 4 where name.equalsIgnoringCase("host"):
            // An absolute target has said it already.
            guard !hasHost else { return }
            hasHost = true
        case 6 where name.equalsIgnoringCase("expect"): return
        case 7 where name.equalsIgnoringCase("upgrade") || name.equalsIgnoringCase("trailer"): return
        case 10 where name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive"): return
        case 14 where name.equalsIgnoringCase("content-length"):
            hasLength = true
            return
        case 15 where name.equalsIgnoringCase("x-forwarded-for"):
            hasForwardedFor = hasForwardedFor || !value.isEmpty
            return
        case 16 where name.equalsIgnoringCase("proxy-connection"): return
        case 17 where name.equalsIgnoringCase("transfer-encoding"): return
        case 17 where name.equalsIgnoringCase("x-forwarded-proto"):
            hasForwardedProto = hasForwardedProto || !value.isEmpty
            return
        default: break
        }
        if name.count >= 13, name[2] == 0x2D, name.extracting(first: 13).equalsIgnoringCase("ms-aspnetcore") { return }
        output.append(copying: name)
        output.append(copying: ": ")
        output.append(copying: value)
        output.append(copying: "\r\n")
    }

    // MARK: - Target and host

    /// The cooked path, with everything percent-encoded that cannot stand in a path as it is: a `%` and a `?` of the
    /// decoded path too, so that the backend decodes what the server decoded.
    static func appendPath(_ path: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        var start = 0
        for index in path.indices where !isPathCharacter(path[index]) {
            output.append(copying: path.extracting(start..<index))
            output.append(UInt8(ascii: "%"))
            output.append(hexadecimal(path[index] >> 4))
            output.append(hexadecimal(path[index] & 15))
            start = index + 1
        }
        output.append(copying: path.extracting(start..<path.count))
    }

    /// `pchar` and `/` of RFC 3986, §3.3: letters, digits and `!$&'()*+,-./:;=@_~`.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let set: UInt64 = byte < 64 ? 0x2fff_ffd2_0000_0000 : 0x47ff_fffe_87ff_ffff
        return set >> UInt64(byte & 63) & 1 != 0
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x37 + digit }

    /// The host of a proxy's form of target (`http://host/path`) counts, whatever the `Host` field says (RFC 9112 §3.2.2).
    private mutating func appendHost(ofTarget target: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        var start = 0
        while start + 2 < target.count,
            !(target[start] == 0x3A && target[start + 1] == 0x2F && target[start + 2] == 0x2F)
        {
            start += 1
        }
        start += 3
        var end = start
        while end < target.count, target[end] != UInt8(ascii: "/"), target[end] != UInt8(ascii: "?") { end += 1 }
        guard end > start else { return }
        hasHost = true
        output.append(copying: "Host: ")
        output.append(copying: target.extracting(start..<end))
        output.append(copying: "\r\n")
    }

    /// For clients of HTTP/1.0 that named no host.
    private static func appendHost(_ address: BackendAddress, to output: inout OutputSpan<UInt8>) {
        output.append(copying: "Host: 127.0.0.1")
        if case .tcp(let address) = address {
            output.append(UInt8(ascii: ":"))
            output.append(decimal: UInt64(address.port))
        }
        output.append(copying: "\r\n")
    }

    // MARK: - Who asks

    private static func appendForwarding(
        _ head: borrowing RequestHead, _ writer: BackendRequestWriter, to output: inout OutputSpan<UInt8>
    ) {
        output.append(copying: "X-Forwarded-For: ")
        if writer.hasForwardedFor { appendValues(of: "x-forwarded-for", head, to: &output) }
        let remote = head.remote
        let isIPv6 = remote.address.v4 == nil
        if isIPv6 { output.append(UInt8(ascii: "[")) }
        remote.address.appendText(to: &output)
        if isIPv6 { output.append(UInt8(ascii: "]")) }
        output.append(UInt8(ascii: ":"))
        output.append(decimal: UInt64(remote.port))
        output.append(copying: "\r\nX-Forwarded-Proto: ")
        if writer.hasForwardedProto { appendValues(of: "x-forwarded-proto", head, to: &output) }
        output.append(copying: head.scheme == .https ? "https\r\n" : "http\r\n")
    }

    /// The values of all fields of a name, each with a comma behind.
    private static func appendValues(
        of name: StaticString, _ head: borrowing RequestHead, to output: inout OutputSpan<UInt8>
    ) {
        var next = head.field(name)
        while let index = next {
            let value = head.value(ofField: index)
            if !value.isEmpty {
                output.append(copying: value)
                output.append(copying: ", ")
            }
            next = head.field(name, from: index + 1)
        }
    }
}

extension Span<UInt8> {
    fileprivate var first: UInt8? { isEmpty ? nil : self[0] }
}
