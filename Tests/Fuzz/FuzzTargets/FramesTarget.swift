internal import Wire

/// What a peer sends is refused or can be written again; no view of it points outside.
enum FramesTarget {
    static func run(_ bytes: [UInt8]) throws {
        try readLink(bytes)
        try readControl(bytes)
    }

    // MARK: - The link

    private static func readLink(_ bytes: [UInt8]) throws {
        var position = 0
        while let frame = try? Frame(bytes.span.extracting(droppingFirst: position)) {
            let end = position + Frame.headerSize + frame.length
            guard end <= bytes.count else { break }
            let payload = Array(bytes[(position + Frame.headerSize)..<end])
            var written: [UInt8] = []
            written.append(frame: frame.kind, stream: frame.stream, body: payload.span)
            try require(written[...] == bytes[position..<end], "a frame is written differently")
            try check(frame, payload)
            position = end
        }
        var moved: [UInt8] = []
        moved.append(frames: Array(bytes[..<position]), of: 0x1234_5678)
        try require(moved.count == position, "frames that move to a stream change their length")
        var read = 0
        while let frame = try Frame(moved.span.extracting(droppingFirst: read)) {
            try require(frame.stream == 0x1234_5678, "a frame did not move to its stream")
            read += Frame.headerSize + frame.length
        }
    }

    private static func check(_ frame: Frame, _ payload: [UInt8]) throws {
        var written: [UInt8] = []
        switch frame.kind {
        case .hello: try? LinkHello(decoding: payload.span).append(to: &written)
        case .requestHead: try checkRequestHead(payload)
        case .responseHead: try checkResponseHead(payload)
        case .reset: if let reason = try? Frame.resetReason(payload.span) { written.append(reset: 0, reason: reason) }
        case .window:
            if let credit = try? Frame.credit(payload.span) { written.append(window: 0, credit: UInt32(credit)) }
        case .ping: if let value = try? Frame.pingValue(payload.span) { written.append(ping: value) }
        case .pong: if let value = try? Frame.pingValue(payload.span) { written.append(pong: value) }
        case .responseFile: try? FilePart(decoding: payload.span).append(to: &written, stream: 0)
        case .responseKeptFile: try? KeptFilePart(decoding: payload.span).append(to: &written, stream: 0)
        case .keepFile: if let number = try? Frame.fileNumber(payload.span) { written.append(keepFile: number) }
        case .dropFile: if let number = try? Frame.fileNumber(payload.span) { written.append(dropFile: number) }
        case .filesDone:
            if let count = try? Frame.fileCount(payload.span) { written.append(filesDone: UInt32(count)) }
        case .flush: if let token = try? Frame.flushToken(payload.span) { written.append(flush: token) }
        case .requestBody, .requestEnd, .responseBody, .responseEnd, .drain: break
        }
        try require(
            written.isEmpty || written.dropFirst(Frame.headerSize) == payload[...], "a payload is written differently")
    }

    /// The views as bytes, in an order of their own.
    private static func views(of head: RequestHead) -> [[UInt8]] {
        var views = [
            [UInt8](copying: head.method), [UInt8](copying: head.target), [UInt8](copying: head.path),
            [UInt8](copying: head.query),
        ]
        for index in 0..<head.fieldCount {
            views.append([UInt8](copying: head.name(ofField: index)))
            views.append([UInt8](copying: head.value(ofField: index)))
        }
        return views
    }

    private static func checkRequestHead(_ payload: [UInt8]) throws {
        guard let head = try? RequestHead(decoding: payload.span) else { return }
        let (views, path) = (views(of: head), [UInt8](copying: head.path))
        try require(head.applicationPathLength <= head.path.count, "an application's path is longer than the path")
        _ = head.field("host")
        // Views may overlap, so that they are larger than the payload together; what a frame cannot hold is not written.
        guard views.reduce(0, { $0 + $1.count }) < 1 << 16 else { return }
        var text: [UInt8] = []
        let ranges = views.enumerated().map { index, view in
            let start = text.count
            // The path goes behind the text.
            if index != 2 { text += view }
            return start..<text.count
        }
        var written: [UInt8] = []
        let facts = RequestHeadWriter.Facts(
            version: head.version, scheme: head.scheme, body: head.body, siteID: head.siteID,
            applicationPathLength: head.applicationPathLength, remote: head.remote, local: head.local,
            traits: head.traits)
        var writer = RequestHeadWriter(
            into: &written, stream: 1, facts, method: ranges[0], target: ranges[1], query: ranges[3],
            textLength: text.count, pathLength: path.count)
        for index in stride(from: 4, to: ranges.count, by: 2) {
            writer.field(into: &written, name: ranges[index], value: ranges[index + 1])
        }
        writer.end(into: &written, text: text.span, path: path.span)
        let again = try RequestHead(decoding: written.span.extracting(droppingFirst: Frame.headerSize))
        let isSame =
            again.version == head.version && again.scheme == head.scheme && again.body == head.body
            && again.siteID == head.siteID && again.applicationPathLength == head.applicationPathLength
            && again.remote == head.remote && again.local == head.local && again.traits == head.traits
        try require(isSame && Self.views(of: again) == views, "a request head reads differently when written again")
    }

    private static func checkResponseHead(_ payload: [UInt8]) throws {
        guard let head = try? ResponseHead(decoding: payload.span) else { return }
        var written: [UInt8] = []
        try head.append(to: &written, stream: 1)
        let again = try ResponseHead(decoding: written.span.extracting(droppingFirst: Frame.headerSize))
        try require(again == head, "a response head reads differently when written again")
        _ = head.headers.contains("vary")
        var position = 0
        var rest = head.headers
        guard let field = head.headers.next(&position) else { return }
        let name = [UInt8](copying: field.name)
        let removed = rest.remove(name.span)
        try require(removed > 0 && rest.count == head.headers.count - removed, "fields are not counted rightly")
    }

    // MARK: - Control

    private static func readControl(_ bytes: [UInt8]) throws {
        var position = 0
        while let frame = try? ControlFrame(bytes.span.extracting(droppingFirst: position)) {
            let start = position + ControlFrame.headerSize
            guard frame.length <= bytes.count - start else { return }
            let payload = bytes.span.extracting(start..<(start + frame.length))
            guard let message = try? ControlMessage(decoding: payload, of: frame) else { return }
            var written: [UInt8] = []
            message.append(to: &written)
            try require(
                written[...] == bytes[position..<(start + frame.length)], "a message is written differently: \(message)"
            )
            position = start + frame.length
        }
    }
}
