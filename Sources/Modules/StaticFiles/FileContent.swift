import Pipeline
import Wire

/// All that a URL's response may hold: a file, and what the configuration appends to it.
struct FileContent {
    let file: CachedFile
    /// Empty where nothing is appended.
    let footer: [UInt8]
    /// Unit: bytes.
    var length: Int64 { file.length + Int64(footer.count) }

    /// The whole, or one part of it.
    func body(_ range: Range<Int64>, _ sending: FileSending) -> ResponseBody {
        switch file.content {
        case .memory(let bytes) where footer.isEmpty && range.count == bytes.count: return .bytes(bytes)
        case .open(let open) where range.upperBound <= file.length: return body(range, of: open)
        case .place(let place) where range.upperBound <= file.length: return body(range, of: OpenFile(place))
        default: return sending.body(pieces(range), of: file)
        }
    }

    private func body(_ range: Range<Int64>, of file: OpenFile) -> ResponseBody {
        .file(FileBody(file, offset: range.lowerBound, length: Int64(range.count)))
    }

    /// Parts as a message of their own (RFC 9110, 14.6).
    func body(_ parts: [Range<Int64>], type: [UInt8], boundary: [UInt8], _ sending: FileSending) -> ResponseBody {
        var all: [PieceSource.Piece] = []
        var between: [UInt8] = []
        for part in parts {
            between += "--".utf8
            between += boundary
            between += "\r\nContent-Type: ".utf8
            between += type
            between += "\r\nContent-Range: ".utf8
            between += contentRange(part)
            between += "\r\n\r\n".utf8
            all.append(.bytes(between))
            all += pieces(part)
            between = [0x0D, 0x0A]
        }
        between += "--".utf8
        between += boundary
        between += "--\r\n".utf8
        all.append(.bytes(between))
        return sending.body(all, of: file)
    }

    /// The value of `Content-Range` for a part.
    func contentRange(_ part: Range<Int64>) -> [UInt8] {
        Array("bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)".utf8)
    }

    private func pieces(_ range: Range<Int64>) -> [PieceSource.Piece] {
        var pieces: [PieceSource.Piece] = []
        let inFile = range.clamped(to: 0..<file.length)
        if !inFile.isEmpty {
            switch file.content {
            case .memory(let bytes):
                pieces.append(.bytes(Array(bytes[Int(inFile.lowerBound)..<Int(inFile.upperBound)])))
            case .open, .place: pieces.append(.part(offset: inFile.lowerBound, length: Int64(inFile.count)))
            }
        }
        if range.upperBound > file.length {
            let start = max(0, range.lowerBound - file.length)
            pieces.append(.bytes(Array(footer[Int(start)..<Int(range.upperBound - file.length)])))
        }
        return pieces
    }
}

/// How bodies of several pieces are sent.
struct FileSending {
    let services: any ModuleServices
    let request: RequestContext

    /// Pieces of a file in memory are put together at once, since all of them are there; others come as they are read.
    fileprivate func body(_ pieces: [PieceSource.Piece], of file: CachedFile) -> ResponseBody {
        switch file.content {
        case .open(let open): return body(pieces, of: open)
        case .place(let place): return body(pieces, of: OpenFile(place))
        case .memory:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Int(pieces.reduce(0) { $0 + $1.length }))
            for case .bytes(let piece) in pieces { bytes += piece }
            return .bytes(bytes)
        }
    }
    private func body(_ pieces: [PieceSource.Piece], of file: OpenFile) -> ResponseBody {
        .stream(PieceSource(pieces, of: file, services) { [unowned request] in request.resumeSending() })
    }
}
