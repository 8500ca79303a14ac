/// Takes a request target apart: `/path?query`, `http://host/path?query`, or `*` of OPTIONS. CONNECT has none of these.
enum TargetReader {
    /// `host` is the value of the Host field, if there is one.
    static func read(_ bytes: Span<UInt8>, host: Range<Int>?, into request: inout ParsedRequest) throws(RequestError) {
        let target = request.target
        // HTTP/1.1 demands a Host field even of an absolute target, which then says which host is meant.
        guard host != nil || !request.isHTTP11 else { throw .hostname }
        // CONNECT asks a proxy for a tunnel; with a path, readers differ about whether a body follows.
        guard !bytes.holds(request.method, exactly: "CONNECT") else { throw .url }
        var path = target
        var authority = host ?? 0..<0
        switch bytes[target.lowerBound] {
        case UInt8(ascii: "/"): break
        case UInt8(ascii: "*"):
            guard target.count == 1, bytes.holds(request.method, exactly: "OPTIONS") else { throw .url }
        default:
            guard let start = schemeLength(bytes, target) else { throw .url }
            var end = start
            while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
            authority = start..<end
            guard !authority.isEmpty else { throw .hostname }
            if let host { _ = try hostName(bytes, host) }
            path = end..<target.upperBound
        }
        var pathEnd = path.lowerBound
        while pathEnd < path.upperBound, bytes[pathEnd] != UInt8(ascii: "?") { pathEnd += 1 }
        request.path = path.lowerBound..<pathEnd
        request.query = min(pathEnd + 1, path.upperBound)..<path.upperBound
        request.host = authority.isEmpty ? authority : try hostName(bytes, authority)
    }

    /// Where the authority of an absolute target begins.
    private static func schemeLength(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Int? {
        for scheme in ["http://", "https://"] as [StaticString] {
            let end = target.lowerBound + scheme.utf8CodeUnitCount
            guard end <= target.upperBound else { continue }
            if bytes.holds(target.lowerBound..<end, ignoringCase: scheme) { return end }
        }
        return nil
    }

    /// Checks `host[:port]` and answers the host without port and without a dot at its end.
    private static func hostName(_ bytes: Span<UInt8>, _ authority: Range<Int>) throws(RequestError) -> Range<Int> {
        guard let first = authority.first else { return authority }
        var end = authority.lowerBound
        if bytes[first] == UInt8(ascii: "[") {
            end += 1
            while end < authority.upperBound, bytes[end] != UInt8(ascii: "]") {
                let byte = bytes[end]
                let belongs =
                    byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || ByteClass.hexadecimal(byte) != nil
                guard belongs else { throw .hostname }
                end += 1
            }
            guard end < authority.upperBound, end > first + 2 else { throw .hostname }
            end += 1
        } else {
            while end < authority.upperBound, ByteClass.host.holds(bytes[end]) { end += 1 }
            guard end > authority.lowerBound, end - authority.lowerBound <= 255 else { throw .hostname }
        }
        let host = authority.lowerBound..<end
        if end < authority.upperBound {
            let port = (end + 1)..<authority.upperBound
            guard bytes[end] == UInt8(ascii: ":"), port.count <= 5 else { throw .hostname }
            var number = 0
            for index in port {
                guard (0x30...0x39).contains(bytes[index]) else { throw .hostname }
                number = number * 10 + Int(bytes[index] - 0x30)
            }
            guard number <= 65535 else { throw .hostname }
        }
        return host.count > 1 && bytes[end - 1] == UInt8(ascii: ".") ? host.dropLast() : host
    }
}
