extension RequestHead {
    /// The request that asks for the page of an error in this one's stead: GET unless it is HEAD, without a body, and
    /// without the fields that say something about the body or about which state of the page is wanted.
    ///
    /// - Parameter withCredentials: whether `Authorization` stays.
    public func forErrorPage(query: [UInt8], withCredentials: Bool) -> RequestHead {
        let textStart = Layout.fields + fieldCount * Layout.fieldSize
        var fixed = Array(bytes[..<Layout.fields])
        var text = Array(bytes[textStart...])
        var fields: [UInt8] = []
        var count = 0
        for index in 0..<fieldCount where !concernsContent(name(ofField: index)) {
            if !withCredentials, name(ofField: index).equalsIgnoringCase("authorization") { continue }
            let start = Layout.fields + index * Layout.fieldSize
            fields += bytes[start..<start + Layout.fieldSize]
            count += 1
        }
        func put(_ value: Int, at offset: Int) {
            for byte in 0..<4 { fixed[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
        }
        func add(_ part: [UInt8], at offset: Int) {
            put(text.count, at: offset)
            put(part.count, at: offset + 4)
            text += part
        }
        if !method.equals(Self.headMethod.span) { add(Array("GET".utf8), at: Layout.method) }
        add(query, at: Layout.query)
        fixed[Layout.body] = 0
        for byte in 0..<8 { fixed[Layout.contentLength + byte] = 0 }
        fixed[Layout.fieldCount] = UInt8(truncatingIfNeeded: count)
        fixed[Layout.fieldCount + 1] = UInt8(truncatingIfNeeded: count >> 8)
        return RequestHead(unchecked: fixed + fields + text)
    }

    private func concernsContent(_ name: Span<UInt8>) -> Bool {
        for known in Self.contentFields where name.equalsIgnoringCase(known) { return true }
        return false
    }

    private static let headMethod = Array("HEAD".utf8)

    private static let contentFields: [StaticString] = [
        "content-encoding", "content-length", "content-md5", "content-range", "content-type", "expect", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range", "transfer-encoding",
    ]
}
