import Testing
import Wire

struct LinkFrameTests {
    /// `GET /a%20b?q HTTP/1.1` with two fields; cooked path `/a b`.
    static let text = Array("GET /a%20b?q HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n".utf8)

    func requestHead(body: RequestHead.Body = .chunked) -> [UInt8] {
        var output: [UInt8] = []
        let path = Array("/a b".utf8)
        var writer = RequestHeadWriter(
            into: &output, stream: 9,
            .init(
                version: .http11, scheme: .https, body: body, siteID: 77, applicationPathLength: 2,
                remote: Endpoint(address: IPAddress(v4: 0x0a00_0001), port: 50000),
                local: Endpoint(address: IPAddress(high: 1, low: 2), port: 443)), method: 0..<3, target: 4..<12,
            query: 11..<12, textLength: Self.text.count, pathLength: path.count)
        writer.field(into: &output, name: 23..<27, value: 29..<30)
        writer.field(into: &output, name: 32..<38, value: 40..<43)
        writer.end(into: &output, text: Self.text.span, path: path.span)
        return output
    }

    func string(_ span: Span<UInt8>) -> String { String(decoding: [UInt8](copying: span), as: UTF8.self) }

    @Test func aRequestHeadArrivesAsItWasWritten() throws {
        let bytes = requestHead()
        let frame = try #require(try Frame(bytes.span))
        #expect(frame.kind == .requestHead && frame.stream == 9 && frame.length == bytes.count - 8)
        let head = try RequestHead(decoding: bytes.span.extracting(droppingFirst: 8))
        #expect(head.version == .http11 && head.scheme == .https && head.body == .chunked)
        #expect(head.siteID == 77 && head.applicationPathLength == 2)
        #expect(head.remote == Endpoint(address: IPAddress(v4: 0x0a00_0001), port: 50000))
        #expect(head.local == Endpoint(address: IPAddress(high: 1, low: 2), port: 443))
        #expect(string(head.method) == "GET" && string(head.target) == "/a%20b?q")
        #expect(string(head.path) == "/a b" && string(head.query) == "q")
        #expect(head.fieldCount == 2 && string(head.name(ofField: 0)) == "Host")
        #expect(head.field("accept") == 1 && string(head.value(ofField: 1)) == "*/*")
        #expect(head.field("cookie") == nil)
    }

    @Test func theLengthOfABodyArrives() throws {
        let payload = Array(requestHead(body: .length(1 << 40)).dropFirst(8))
        let head = try RequestHead(decoding: payload.span)
        #expect(head.body == .length(1 << 40))
    }

    @Test func aRequestHeadCutAnywhereIsRefused() {
        let payload = Array(requestHead().dropFirst(8))
        for length in 0..<payload.count {
            let cut = Array(payload[..<length])
            #expect(throws: WireError.self) { try RequestHead(decoding: cut.span) }
        }
    }

    /// Every byte of the fixed part and the field table set to every extreme: either refused, or all views are inside.
    @Test func aRequestHeadWithWrongNumbersNeverPointsOutside() {
        let payload = Array(requestHead().dropFirst(8))
        for index in 0..<(92 + 32) {
            for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
                var changed = payload
                changed[index] = value
                guard let head = try? RequestHead(decoding: changed.span) else { continue }
                var touched = head.method.count + head.target.count + head.path.count + head.query.count
                for field in 0..<head.fieldCount {
                    touched += head.name(ofField: field).count + head.value(ofField: field).count
                }
                #expect(
                    head.applicationPathLength <= head.path.count
                        && touched <= payload.count * head.fieldCount + 4 * payload.count)
            }
        }
    }

    @Test func aResponseHeadArrivesAsItWasWritten() throws {
        var head = ResponseHead(status: 404, contentLength: 14)
        head.reason = Array("Gone fishing".utf8)
        head.closesConnection = true
        head.sendsServer = false
        head.cache = CacheMark(token: 1 << 40, seconds: 30)
        head.userName = Array("bob".utf8)
        head.headers.append("Content-Type", "text/html")
        let (name, value): ([UInt8], [UInt8]) = ([88], [])
        head.headers.append(name.span, value.span)
        var variables = HeaderBlock()
        variables.append("REMOTE_PORT", "50000")
        head.loggedVariables = variables
        var bytes: [UInt8] = []
        try head.append(to: &bytes, stream: 5)
        #expect(try Frame(bytes.span)?.length == bytes.count - 8)
        #expect(try ResponseHead(decoding: bytes.span.extracting(droppingFirst: 8)) == head)
        for length in [0, 5, 11, 13, bytes.count - 9] {
            let payload = Array(bytes.dropFirst(8).prefix(length))
            #expect(throws: WireError.self) { try ResponseHead(decoding: payload.span) }
        }
    }

    @Test func aLongUserNameArrivesCutOff() throws {
        var head = ResponseHead(status: 200)
        head.userName = [UInt8](repeating: 97, count: 300)
        var bytes: [UInt8] = []
        try head.append(to: &bytes, stream: 5)
        #expect(try ResponseHead(decoding: bytes.span.extracting(droppingFirst: 8)).userName.count == 255)
    }

    @Test func variablesForTheLogGiveWayToTheHead() throws {
        var head = ResponseHead(status: 200)
        head.headers.append("a", [UInt8](repeating: 97, count: 60_000).span)
        var variables = HeaderBlock()
        variables.append("V", [UInt8](repeating: 97, count: 10_000).span)
        head.loggedVariables = variables
        var bytes: [UInt8] = []
        try head.append(to: &bytes, stream: 5)
        let arrived = try ResponseHead(decoding: bytes.span.extracting(droppingFirst: 8))
        #expect(arrived.loggedVariables == nil && arrived.headers == head.headers)
    }

    @Test func aResponseHeadLargerThanAllowedIsNotSent() {
        var head = ResponseHead(status: 200)
        head.headers.append("a", [UInt8](repeating: 97, count: 65535).span)
        head.headers.append("b", [UInt8](repeating: 97, count: 65535).span)
        var bytes: [UInt8] = []
        #expect(throws: WireError.self) { try head.append(to: &bytes, stream: 5) }
        #expect(bytes.isEmpty)
    }

    @Test func statusesOutsideOneToFiveHundredAreRefused() {
        for status: UInt8 in [0, 99] {
            #expect(throws: WireError.self) {
                try ResponseHead(decoding: [status, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].span)
            }
        }
    }

    @Test func fieldsOfABlockAreFoundAndRemovedInAnyCaseOfLetters() {
        var block = HeaderBlock()
        block.append("X-One", "1")
        block.append("Vary", "a")
        block.append("x-one", "2")
        let firstIsOne = { (block: HeaderBlock) in
            guard let value = block.value(of: "x-one") else { return false }
            return value.count == 1 && value[0] == UInt8(ascii: "1")
        }
        #expect(block.contains("vary") && firstIsOne(block))
        let name = Array("X-ONE".utf8)
        let removed = block.remove(name.span)
        #expect(removed == 2)
        #expect(block.count == 1 && !block.contains("x-one") && block.contains("vary"))
    }

    @Test func smallFramesArriveAsTheyWereWritten() throws {
        var bytes: [UInt8] = []
        bytes.append(frame: .requestEnd, stream: 3)
        bytes.append(frame: .responseBody, stream: 4, body: [1, 2, 3].span)
        bytes.append(reset: 5, reason: .refused)
        bytes.append(window: 6, credit: 70_000)
        bytes.append(ping: 1 << 50)
        bytes.append(filesDone: 3)
        bytes.append(flush: 1 << 40)
        bytes.append(keepFile: 63)
        bytes.append(dropFile: 62)
        LinkHello(window: 65536, maximumStreams: 10, maximumFiles: 128).append(to: &bytes)
        var rest = bytes[...]
        var seen: [FrameKind] = []
        while let frame = try Frame(rest.span) {
            seen.append(frame.kind)
            let payload = Array(rest.dropFirst(8).prefix(frame.length))
            switch frame.kind {
            case .requestEnd: #expect(frame.stream == 3 && payload.isEmpty)
            case .responseBody: #expect(frame.stream == 4 && payload == [1, 2, 3])
            case .reset: #expect(try Frame.resetReason(payload.span) == .refused)
            case .window: #expect(try Frame.credit(payload.span) == 70_000)
            case .ping: #expect(try Frame.pingValue(payload.span) == 1 << 50)
            case .filesDone: #expect(try Frame.fileCount(payload.span) == 3)
            case .flush: #expect(try Frame.flushToken(payload.span) == 1 << 40)
            case .keepFile: #expect(try Frame.fileNumber(payload.span) == 63 && frame.stream == 0)
            case .dropFile: #expect(try Frame.fileNumber(payload.span) == 62 && frame.stream == 0)
            case .hello:
                let hello = try LinkHello(decoding: payload.span)
                #expect(hello.window == 65536 && hello.maximumFiles == 128)
            default: Issue.record("unexpected frame")
            }
            rest = rest.dropFirst(8 + frame.length)
        }
        let sent: [FrameKind] = [
            .requestEnd, .responseBody, .reset, .window, .ping, .filesDone, .flush, .keepFile, .dropFile, .hello,
        ]
        #expect(seen == sent && rest.isEmpty)
    }

    @Test func aPartOfAFileArrivesAsItWasWritten() throws {
        let part = FilePart(offset: 7, length: 1 << 40)
        var bytes: [UInt8] = []
        part.append(to: &bytes, stream: 5)
        let frame = try #require(try Frame(bytes.span))
        #expect(frame.kind == .responseFile && frame.stream == 5 && frame.length == bytes.count - 8)
        #expect(try FilePart(decoding: bytes.span.extracting(droppingFirst: 8)) == part)
        #expect(throws: WireError.self) { try FilePart(decoding: bytes.span.extracting(droppingFirst: 9)) }
    }

    @Test func aPartOfAKeptFileArrivesAsItWasWritten() throws {
        let part = KeptFilePart(number: 63, part: FilePart(offset: 7, length: 1 << 40))
        var bytes: [UInt8] = []
        part.append(to: &bytes, stream: 5)
        let frame = try #require(try Frame(bytes.span))
        #expect(frame.kind == .responseKeptFile && frame.stream == 5 && frame.length == bytes.count - 8)
        #expect(try KeptFilePart(decoding: bytes.span.extracting(droppingFirst: 8)) == part)
        bytes.append(0)
        #expect(throws: WireError.self) { try KeptFilePart(decoding: bytes.span.extracting(droppingFirst: 8)) }
        #expect(throws: WireError.self) { try KeptFilePart(decoding: [1, 0, 0].span) }
    }

    @Test(arguments: [(0, 0), (-1, 1), (.max, 1), (1, .max), (0, -1)] as [(Int64, Int64)])
    func aPartThatNoFileHoldsIsRefused(_ offset: Int64, _ length: Int64) {
        var bytes: [UInt8] = []
        FilePart(offset: offset, length: length).append(to: &bytes, stream: 5)
        #expect(throws: WireError.self) { try FilePart(decoding: bytes.span.extracting(droppingFirst: 8)) }
    }

    @Test func aMarkWithoutATokenIsRefused() throws {
        var head = ResponseHead(status: 200)
        head.cache = CacheMark(token: 0, seconds: 1)
        var bytes: [UInt8] = []
        try head.append(to: &bytes, stream: 5)
        #expect(throws: WireError.self) { try ResponseHead(decoding: bytes.span.extracting(droppingFirst: 8)) }
    }

    @Test func unknownKindsAndOversizedFramesAreRefusedByTheirHeader() {
        #expect(throws: WireError.self) { try Frame([0, 0, 0, 0, 0, 0, 0, 0].span) }
        #expect(throws: WireError.self) { try Frame([0, 0, 0, 99, 0, 0, 0, 0].span) }
        #expect(throws: WireError.self) { try Frame([1, 0, 4, FrameKind.requestHead.rawValue, 0, 0, 0, 0].span) }
        #expect(throws: WireError.self) { try Frame([1, 0, 1, FrameKind.requestBody.rawValue, 0, 0, 0, 0].span) }
    }
}
