import HTTP1
import Pipeline
import Wire

extension Response {
    /// Says that the response depends on `Accept-Encoding`, where it does not say so yet.
    mutating func varyByAcceptEncoding() {
        var position = 0
        while let field = headers.next(&position) {
            guard field.name.equalsIgnoringCase("vary") else { continue }
            let name = Array("accept-encoding".utf8)
            if field.value.containsIgnoringCase(name.span) || field.value.firstIndex(of: 0x2A) != nil { return }
        }
        headers.append("Vary", "Accept-Encoding")
    }

    /// The fields of a response whose body is now compressed: no parts of it are given, and its tag no longer stands for
    /// each byte.
    mutating func becomeCompressed(_ coding: ContentCoding) {
        weakenTag()
        for name in ["accept-ranges", "content-md5"] {
            let name = Array(name.utf8)
            if headers.contains(name) { headers.remove(name.span) }
        }
        headers.append("Content-Encoding", coding.token)
    }

    /// Makes a strong entity tag weak: two responses that are alike but not the same share it (RFC 9110, 8.8.3.3).
    mutating func weakenTag() {
        if let weakTag { headers.set("ETag", to: weakTag) }
    }

    /// The response's strong tag as a weak one; nil where it has none.
    private var weakTag: [UInt8]? {
        guard let tag = headers.value(of: "etag"), tag.count > 1, tag[0] == 0x22 else { return nil }
        return Array("W/".utf8) + [UInt8](copying: tag)
    }
}

extension HeaderBlock {
    /// Puts one field in the place of all of its name; none where the value is empty.
    mutating func set(_ name: StaticString, to value: [UInt8]) {
        var own: [UInt8] = []
        own.append(copying: name)
        remove(own.span)
        if !value.isEmpty { append(name, value.span) }
    }

    /// Whether a field of that name is there.
    fileprivate func contains(_ name: [UInt8]) -> Bool {
        var position = 0
        while let field = next(&position) {
            if field.name.equalsIgnoringCase(name.span) { return true }
        }
        return false
    }
}
