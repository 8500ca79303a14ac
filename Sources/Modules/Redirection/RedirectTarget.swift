/// A `destination` of `httpRedirect`: text with variables for parts of the URL that was asked for.
struct RedirectTarget {
    /// What a request puts in for the variables. All but `query` is decoded.
    struct Request {
        /// `$V`: the URL's path.
        let path: [UInt8]
        /// `$S`: the path behind the place that the redirection stands at.
        let suffix: [UInt8]
        /// `$P`, as the client wrote it; `$Q` with its question mark.
        let query: [UInt8]
        /// `$0` to `$9`: what the wildcards stand for.
        let captures: [ArraySlice<UInt8>]
    }

    private enum Part: Equatable {
        case text([UInt8])
        case path, suffix, query, parameters
        case capture(Int)
    }

    private let parts: [Part]
    /// Whether a path of the request is put in, so that none is to be added behind.
    private let namesPath: Bool
    private let namesQuery: Bool

    init(_ destination: String) {
        var parts: [Part] = []
        var text: [UInt8] = []
        let bytes = Array(destination.utf8)
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            guard bytes[index] == 0x24, let variable = Self.variable(next) else {
                text.append(bytes[index])
                index += 1
                continue
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            parts.append(variable)
            index += 2
        }
        if !text.isEmpty { parts.append(.text(text)) }
        self.parts = parts
        namesPath = parts.contains(.path) || parts.contains(.suffix)
        namesQuery = parts.contains(.query) || parts.contains(.parameters)
    }

    /// Variables are known in either case of letters.
    private static func variable(_ name: UInt8) -> Part? {
        switch name {
        case 0x56, 0x76: .path
        case 0x53, 0x73: .suffix
        case 0x51, 0x71: .query
        case 0x50, 0x70: .parameters
        case 0x30...0x39: .capture(Int(name) - 0x30)
        default: nil
        }
    }

    /// The address to send the client to.
    ///
    /// - Parameters:
    ///   - appendsSuffix: whether the rest of the path comes behind a destination that names no path itself.
    ///   - appendsQuery: whether the query comes behind a destination that names none itself.
    func location(_ request: Request, appendsSuffix: Bool, appendsQuery: Bool) -> [UInt8] {
        var location: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): location += text
            case .path: location += PercentEncoding.encode(path: request.path)
            case .suffix: location += PercentEncoding.encode(path: request.suffix)
            case .query: if !request.query.isEmpty { location += [0x3F] + request.query }
            case .parameters: location += request.query
            case .capture(let number):
                guard number < request.captures.count else { continue }
                location += PercentEncoding.encode(path: Array(request.captures[number]))
            }
        }
        if appendsSuffix, !namesPath {
            let suffix = PercentEncoding.encode(path: request.suffix)
            location += location.last == 0x2F ? suffix.drop { $0 == 0x2F } : suffix[...]
        }
        if appendsQuery, !namesQuery, !request.query.isEmpty {
            location.append(location.contains(0x3F) ? 0x26 : 0x3F)
            location += request.query
        }
        return onThisServer(location)
    }

    /// Two slashes at the beginning name another server; they stay only where the configuration wrote them.
    private func onThisServer(_ location: [UInt8]) -> [UInt8] {
        guard location.starts(with: [0x2F, 0x2F]) else { return location }
        if case .text(let text)? = parts.first, text.starts(with: [0x2F, 0x2F]) { return location }
        return [0x2F] + location.drop { $0 == 0x2F }
    }
}
