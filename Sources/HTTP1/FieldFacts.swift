/// What the fields of one request say about its framing and its host, gathered while they are read.
struct FieldFacts {
    private var host: Range<Int>?
    private var contentLength: UInt64?
    private var isChunked = false
    private var closes = false
    private var keepsAlive = false
    private var expectsContinue = false
    /// `Connection: upgrade`, and `Upgrade` with a protocol.
    private var upgrades = false
    private var namesProtocol = false

    /// Looks at a field by its length and first letter before its name.
    mutating func note(_ bytes: Span<UInt8>, _ field: ParsedRequest.Field) throws(RequestError) {
        switch field.name.count {
        case 4 where bytes.holds(field.name, ignoringCase: "host"):
            guard host == nil else { throw .hostname }
            host = field.value
        case 6 where bytes.holds(field.name, ignoringCase: "expect"):
            guard bytes.holds(field.value, ignoringCase: "100-continue") else { throw .expectation }
            expectsContinue = true
        case 7 where bytes.holds(field.name, ignoringCase: "upgrade"):
            if !field.value.isEmpty { namesProtocol = true }
        case 10 where bytes.holds(field.name, ignoringCase: "connection"):
            noteConnection(bytes, field.value)
        case 14 where bytes.holds(field.name, ignoringCase: "content-length"):
            guard contentLength == nil else { throw .header }
            contentLength = try Self.number(bytes, field.value)
        case 17 where bytes.holds(field.name, ignoringCase: "transfer-encoding"):
            // Twice, or beside anything else, is what smuggling is made of; another coding is merely unknown.
            guard !isChunked else { throw .header }
            guard bytes.holds(field.value, ignoringCase: "chunked") else { throw .notImplemented }
            isChunked = true
        default: break
        }
    }

    /// Decides when all fields are known.
    func conclude(_ bytes: Span<UInt8>, _ request: inout ParsedRequest) throws(RequestError) {
        guard !isChunked || (contentLength == nil && request.isHTTP11) else { throw .header }
        if isChunked {
            request.body = .chunked
        } else if let contentLength, contentLength > 0 {
            request.body = .length(contentLength)
        } else {
            guard contentLength != nil || !Self.needsLength(bytes, request.method) else { throw .lengthRequired }
            request.body = .none
        }
        request.keepsAlive = !closes && (request.isHTTP11 || keepsAlive)
        request.expectsContinue = expectsContinue && request.isHTTP11 && request.body != .none
        request.asksForUpgrade = upgrades && namesProtocol && request.isHTTP11 && request.body == .none
        try TargetReader.read(bytes, host: host, into: &request)
    }

    private mutating func noteConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var start = value.lowerBound
        for index in value.lowerBound...value.upperBound where index == value.upperBound || bytes[index] == 0x2c {
            var option = start..<index
            while let first = option.first, bytes[first] == 32 || bytes[first] == 9 { option.removeFirst() }
            while let last = option.last, bytes[last] == 32 || bytes[last] == 9 { option.removeLast() }
            if bytes.holds(option, ignoringCase: "close") { closes = true }
            if bytes.holds(option, ignoringCase: "keep-alive") { keepsAlive = true }
            if bytes.holds(option, ignoringCase: "upgrade") { upgrades = true }
            start = index + 1
        }
    }

    /// POST and PUT state their body's length, be it 0 (HTTP.sys: 411).
    private static func needsLength(_ bytes: Span<UInt8>, _ method: Range<Int>) -> Bool {
        bytes.holds(method, exactly: "POST") || bytes.holds(method, exactly: "PUT")
    }

    /// A Content-Length: digits only, below 2^63.
    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestError) -> UInt64 {
        guard !range.isEmpty, range.count <= 18 else { throw .number }
        var number: UInt64 = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { throw .number }
            number = number * 10 + UInt64(digit)
        }
        return number
    }
}
