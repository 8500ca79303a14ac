/// What the fields of one response say about where its body ends, gathered while they are read (RFC 9112 §6.3).
struct ResponseFraming {
    private var contentLength: UInt64?
    private var isChunked = false
    private var closes = false
    private var keepsAlive = false

    mutating func note(_ bytes: Span<UInt8>, _ field: ParsedResponse.Field) throws(ResponseError) {
        switch field.name.count {
        case 10 where bytes.holds(field.name, ignoringCase: "connection"): noteConnection(bytes, field.value)
        case 14 where bytes.holds(field.name, ignoringCase: "content-length"):
            try noteLength(bytes, field.value)
        case 17 where bytes.holds(field.name, ignoringCase: "transfer-encoding"):
            if bytes.holds(field.value, ignoringCase: "identity") { return }
            guard !isChunked, bytes.holds(field.value, ignoringCase: "chunked") else { throw .framing }
            isChunked = true
        default: break
        }
    }

    func conclude(isHTTP11: Bool, isHead: Bool, into response: inout ParsedResponse) throws(ResponseError) {
        response.keepsAlive = !closes && (isHTTP11 || keepsAlive)
        response.contentLength = isChunked ? nil : contentLength
        if isChunked, contentLength != nil || !isHTTP11 {
            // The coding counts, and whoever sent both is not to be asked again (§6.1).
            response.keepsAlive = false
        }
        if response.status == 204, isChunked || contentLength ?? 0 > 0 {
            // Who announces what there cannot be may send it all the same, where the next answer is expected.
            response.keepsAlive = false
        }
        if isHead || response.status < 200 || response.status == 204 || response.status == 304 {
            response.body = .none
        } else if isChunked {
            response.body = .chunked
        } else if let contentLength {
            response.body = contentLength == 0 ? .none : .length(contentLength)
        } else {
            response.body = .untilClose
            response.keepsAlive = false
        }
    }

    private mutating func noteConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        Self.members(bytes, value) { member in
            if bytes.holds(member, ignoringCase: "close") { closes = true }
            if bytes.holds(member, ignoringCase: "keep-alive") { keepsAlive = true }
        }
    }

    /// A length that comes several times, in one field or more, is one as long as it is the same.
    private mutating func noteLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(ResponseError) {
        var isValid = true
        Self.members(bytes, value) { member in
            guard let number = Self.number(bytes, member), contentLength ?? number == number else {
                isValid = false
                return
            }
            contentLength = number
        }
        guard isValid else { throw .framing }
    }

    /// The members of a comma list, without white space around them.
    private static func members(_ bytes: Span<UInt8>, _ value: Range<Int>, _ each: (Range<Int>) -> Void) {
        var start = value.lowerBound
        for index in value.lowerBound...value.upperBound where index == value.upperBound || bytes[index] == 0x2C {
            var member = start..<index
            while let first = member.first, bytes[first] <= 32 { member.removeFirst() }
            while let last = member.last, bytes[last] <= 32 { member.removeLast() }
            each(member)
            start = index + 1
        }
    }

    /// Digits only, below 10^18.
    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var number: UInt64 = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        return number
    }
}
