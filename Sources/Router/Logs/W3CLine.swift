internal import HTTP1
internal import Wire

/// A request and its answer as the access log tells of them.
struct LogEntry {
    let siteID: UInt32
    let addresses: LoggedAddresses
    /// What the request's ranges lie in.
    let head: [UInt8]
    let request: ParsedRequest
    /// Cooked.
    let path: [UInt8]
    let answer: Answer

    struct Answer {
        var status: UInt16 = 0
        var subStatus: UInt16 = 0
        var win32Status: UInt32 = 0
        /// Who signed in; empty for nobody.
        var userName: [UInt8] = []
        /// The response's head as the client gets it, where the log shows some of it; whatever follows its empty line
        /// is no part of it.
        var head: [UInt8] = []
        /// From the worker, by their names.
        var variables: HeaderBlock?
        /// Head and body. Unit: bytes.
        var sent: UInt64 = 0
        /// Head and body. Unit: bytes.
        var received: UInt64 = 0
        /// Unit: milliseconds.
        var milliseconds: UInt64 = 0
    }
}

/// Both ends of a connection as its lines show them; made once a connection.
struct LoggedAddresses {
    private let text: [UInt8]
    private let portStart: Int
    private let remoteStart: Int

    init(remote: Endpoint, local: Endpoint) {
        var text: [UInt8] = []
        local.address.appendText(to: &text)
        text.append(UInt8(ascii: " "))
        portStart = text.count
        text.append(decimal: UInt64(local.port))
        text.append(UInt8(ascii: " "))
        remoteStart = text.count
        remote.address.appendText(to: &text)
        text.append(UInt8(ascii: " "))
        self.text = text
    }

    /// Each with the blank that follows it.
    var localAddress: Span<UInt8> { @_lifetime(borrow self) get { text.span.extracting(0..<portStart) } }
    var localPort: Span<UInt8> { @_lifetime(borrow self) get { text.span.extracting(portStart..<remoteStart) } }
    var remoteAddress: Span<UInt8> { @_lifetime(borrow self) get { text.span.extracting(remoteStart..<text.count) } }

    /// Unit: bytes.
    var count: Int { text.count }
}

/// One line of an access log in the W3C extended format.
enum W3CLine {
    /// Every field and its name, in the order in which they stand in a line.
    static let names: [(field: LogSettings.Fields, name: String)] = [
        (.date, "date"), (.time, "time"), (.siteName, "s-sitename"), (.computerName, "s-computername"),
        (.serverIP, "s-ip"), (.method, "cs-method"), (.uriStem, "cs-uri-stem"), (.uriQuery, "cs-uri-query"),
        (.serverPort, "s-port"), (.userName, "cs-username"), (.clientIP, "c-ip"), (.protocolVersion, "cs-version"),
        (.userAgent, "cs(User-Agent)"), (.cookie, "cs(Cookie)"), (.referer, "cs(Referer)"), (.host, "cs-host"),
        (.httpStatus, "sc-status"), (.httpSubStatus, "sc-substatus"), (.win32Status, "sc-win32-status"),
        (.bytesSent, "sc-bytes"), (.bytesReceived, "cs-bytes"), (.timeTaken, "time-taken"),
    ]

    /// Appends the line with its end. `computer` is this machine's name.
    static func append(
        _ entry: LogEntry, _ fields: LogSettings.Fields, _ custom: CustomColumns, _ clock: LogClock,
        computer: [UInt8], to output: inout [UInt8]
    ) {
        let start = output.count
        let values = custom.isEmpty ? [] : custom.values(of: entry)
        // Every part of the head stands in at most one field; the rest is dates, numbers and names of the protocol.
        let texts = entry.head.count + entry.path.count + entry.answer.userName.count + computer.count
        var longest = LogText.longest(texts) + entry.addresses.count + 256
        for value in values { longest += LogText.longest(value.count) + 1 }
        let (date, time) = (clock.date, clock.time)
        output.append(addingCapacity: longest) { line in
            if fields.contains(.date) { append(date.span, to: &line) }
            if fields.contains(.time) { append(time.span, to: &line) }
            appendServer(entry, fields, computer, to: &line)
            appendRequest(entry, fields, to: &line)
            appendAnswer(entry.answer, fields, to: &line)
            for value in values { append(logged: value.span, to: &line) }
        }
        guard output.count > start else { return }
        // The last blank becomes the line's end; a line that a client's word begins is no directive.
        output[output.count - 1] = UInt8(ascii: "\n")
        if output[start] == UInt8(ascii: "#") { output.replaceSubrange(start...start, with: "%23".utf8) }
    }

    private static let blank = UInt8(ascii: " ")

    private static func append(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(copying: bytes)
        output.append(blank)
    }

    private static func append(_ text: String, to output: inout OutputSpan<UInt8>) {
        for byte in text.utf8 { output.append(byte) }
    }

    private static func append(logged value: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(logged: value)
        output.append(blank)
    }

    private static func append(_ number: UInt64, to output: inout OutputSpan<UInt8>) {
        output.append(decimal: number)
        output.append(blank)
    }

    private static func appendServer(
        _ entry: LogEntry, _ fields: LogSettings.Fields, _ computer: [UInt8], to output: inout OutputSpan<UInt8>
    ) {
        if fields.contains(.siteName) {
            append("W3SVC", to: &output)
            append(UInt64(entry.siteID), to: &output)
        }
        if fields.contains(.computerName) { append(logged: computer.span, to: &output) }
        if fields.contains(.serverIP) { output.append(copying: entry.addresses.localAddress) }
    }

    private static func appendRequest(
        _ entry: LogEntry, _ fields: LogSettings.Fields, to output: inout OutputSpan<UInt8>
    ) {
        let head = entry.head.span
        let request = entry.request
        if fields.contains(.method) { append(logged: head.extracting(request.method), to: &output) }
        if fields.contains(.uriStem) { append(logged: entry.path.span, to: &output) }
        if fields.contains(.uriQuery) { append(logged: head.extracting(request.query), to: &output) }
        if fields.contains(.serverPort) { output.append(copying: entry.addresses.localPort) }
        if fields.contains(.userName) { append(logged: entry.answer.userName.span, to: &output) }
        if fields.contains(.clientIP) { output.append(copying: entry.addresses.remoteAddress) }
        if fields.contains(.protocolVersion) {
            append(request.isHTTP11 ? "HTTP/1.1 " : "HTTP/1.0 ", to: &output)
        }
        if fields.contains(.userAgent) { append(field: "user-agent", entry, to: &output) }
        if fields.contains(.cookie) { append(field: "cookie", entry, to: &output) }
        if fields.contains(.referer) { append(field: "referer", entry, to: &output) }
        if fields.contains(.host) { append(field: "host", entry, to: &output) }
    }

    /// The value of the first field of that name, in lower case.
    private static func append(field name: StaticString, _ entry: LogEntry, to output: inout OutputSpan<UInt8>) {
        let head = entry.head.span
        for field in entry.request.fields
        where field.name.count == name.utf8CodeUnitCount && head.extracting(field.name).equalsIgnoringCase(name) {
            return append(logged: head.extracting(field.value), to: &output)
        }
        append(logged: Span(), to: &output)
    }

    private static func appendAnswer(
        _ answer: LogEntry.Answer, _ fields: LogSettings.Fields, to output: inout OutputSpan<UInt8>
    ) {
        if fields.contains(.httpStatus) { append(UInt64(answer.status), to: &output) }
        if fields.contains(.httpSubStatus) { append(UInt64(answer.subStatus), to: &output) }
        if fields.contains(.win32Status) { append(UInt64(answer.win32Status), to: &output) }
        if fields.contains(.bytesSent) { append(answer.sent, to: &output) }
        if fields.contains(.bytesReceived) { append(answer.received, to: &output) }
        if fields.contains(.timeTaken) { append(answer.milliseconds, to: &output) }
    }
}
